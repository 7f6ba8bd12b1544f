"""Calendars as iCalendar has them (RFC 5545, 5546, 6047, 7986): read, changed, unfolded in time, written. Pure."""
