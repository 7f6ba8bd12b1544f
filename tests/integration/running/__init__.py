"""The whole system's life: it starts, shows its health, survives what is done to it, and stops."""
