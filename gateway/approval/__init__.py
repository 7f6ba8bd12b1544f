"""Approval lines as people and programs meet them: routes and decisions."""
