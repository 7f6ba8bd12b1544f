"""A service of boards, to show threads on."""
