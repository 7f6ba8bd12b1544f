"""A working day's load on the full system, by locust, with arrivals that do not wait for answers (docs/sizing.md)."""
