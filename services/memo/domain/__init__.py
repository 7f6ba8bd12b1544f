"""The rules of memo reports: no I/O, no framework."""
