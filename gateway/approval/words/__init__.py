"""Approval in sentences, and the route as a picture."""
