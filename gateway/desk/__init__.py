"""My Desk as people and programs meet it."""

# Kinds of to-do that the API counts also where there are none, in the order of the page.
KINDS = ("approval", "returned", "memo", "request", "meeting")
