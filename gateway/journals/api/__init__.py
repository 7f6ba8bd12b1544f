"""Verification journals for programs."""
