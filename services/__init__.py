"""The services: each owns its data and is reached over the bus only."""
