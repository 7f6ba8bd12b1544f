"""The rules of weekly and monthly reports."""
