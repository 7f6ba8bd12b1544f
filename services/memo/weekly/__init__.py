"""Weekly and monthly reports (주간·월간보고)."""
