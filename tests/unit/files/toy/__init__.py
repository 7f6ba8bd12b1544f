"""A service whose objects have files and nothing else: notes on a wall."""
