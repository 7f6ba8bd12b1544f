"""Verification journals (검증일지): what is checked each day, week or shift, and verified by another."""
