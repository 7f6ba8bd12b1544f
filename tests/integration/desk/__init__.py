"""The desk with the services that tell it, over the real bus."""
