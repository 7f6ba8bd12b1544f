"""Approval at the API."""
