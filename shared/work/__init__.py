"""Work that is slow by content, in a process beside the service, with a deadline (docs/dev/ground.md)."""
