"""The directory at the API."""
