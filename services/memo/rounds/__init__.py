"""Opinion rounds (의견수렴)."""
