"""Rules of notifications: what is told at all, to whom by which channel, when, and what comes of a message."""
