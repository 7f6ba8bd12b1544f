"""The organisation and one's own account as people and programs meet them."""
