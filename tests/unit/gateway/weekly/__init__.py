"""Weekly reports in the gateway."""
