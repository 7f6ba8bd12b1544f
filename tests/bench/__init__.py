"""Benchmarks: each prints a table and compares by ratio within one run; none passes or fails by the clock."""
