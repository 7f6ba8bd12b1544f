"""The rules of documents: plain Python, no I/O; time and ids come in as arguments."""
