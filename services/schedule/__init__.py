"""Calendars with their entries, rooms, presence: what happens when, and who is free."""
