"""Tests of verification journals."""
