"""Documents at the API."""
