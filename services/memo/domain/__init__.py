"""The rules of memo reports."""
