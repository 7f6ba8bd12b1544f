"""The rules of approval: plain Python, no I/O; time and ids come in as arguments."""
