"""Invitations by mail to guests from outside, and what they answer by mail."""
