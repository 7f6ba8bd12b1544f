"""The rules of requests: plain Python, no I/O; time and ids come in as arguments."""
