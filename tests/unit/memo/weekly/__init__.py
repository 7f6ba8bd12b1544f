"""Weekly and monthly reports."""
