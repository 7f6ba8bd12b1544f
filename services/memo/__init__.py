"""The memo service."""
