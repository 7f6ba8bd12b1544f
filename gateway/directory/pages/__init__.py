"""The pages of the directory: people, administration, settings, sign-in."""
