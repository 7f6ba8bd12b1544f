"""Files of any object of a service: tables, commands, types by content, limits, sweep. See docs/dev/ground.md."""
