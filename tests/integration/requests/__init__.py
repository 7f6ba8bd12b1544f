"""Requests on real servers."""
