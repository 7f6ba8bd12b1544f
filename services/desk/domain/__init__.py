"""Rules of the desk: what a slot holds after what was told, and how long what is over is remembered."""
