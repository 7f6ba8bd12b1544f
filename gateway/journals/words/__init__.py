"""Journals in sentences."""
