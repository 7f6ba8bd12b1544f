"""Comments under any object of a service: tables, commands, mentions, read marks. See docs/dev/ground.md."""

from shared.threads.owners import Either, Owners
from shared.threads.service import WithThreads
from shared.threads.tables import Tables, create_threads, tables

__all__ = ["Either", "Owners", "Tables", "WithThreads", "create_threads", "tables"]
