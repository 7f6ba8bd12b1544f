"""Pages of rooms and equipment."""
