"""Alarms: what a service does at a time of its own accord."""
