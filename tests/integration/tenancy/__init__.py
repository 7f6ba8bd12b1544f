"""Tenants of the product's own services: how they come to be, what keeps them apart, and their record."""
