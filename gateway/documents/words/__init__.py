"""Documents in sentences."""
