"""The databases: one for each tenant, in it one schema and one login role for each service."""

from shared.db.databases import Databases
from shared.db.tx import Tx
from shared.db.types import Ident, Json, Utc

__all__ = ["Databases", "Ident", "Json", "Tx", "Utc"]
