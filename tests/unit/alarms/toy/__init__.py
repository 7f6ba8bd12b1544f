"""A service that sets itself alarms."""
