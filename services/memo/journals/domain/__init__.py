"""The rules of journals: forms, what is written into them, periods, who is missing, verification by version."""
