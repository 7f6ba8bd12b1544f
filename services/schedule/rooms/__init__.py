"""Rooms and equipment: what may be booked, and what is."""
