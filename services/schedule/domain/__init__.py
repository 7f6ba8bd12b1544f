"""The rules of schedules: plain Python, without a database."""
