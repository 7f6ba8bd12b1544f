"""The search service: the catalogue of every object of a tenant."""
