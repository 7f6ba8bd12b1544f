"""Pages of schedules and rooms."""
