"""Requests and instructions between people and departments, followed to their end."""
