"""Pages of journals."""
