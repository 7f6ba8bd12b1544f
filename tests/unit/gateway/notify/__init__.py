"""Tests of notifications in the gateway."""
