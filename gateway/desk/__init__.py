"""My Desk as people and programs meet it."""
