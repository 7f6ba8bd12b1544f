"""Recovery, tried: an installation at work loses its database and comes back from base backup and archived WAL."""
