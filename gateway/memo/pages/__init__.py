"""Pages of memo reports."""
