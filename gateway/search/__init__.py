"""Search as people and programs meet it."""
