"""The databases: one for each tenant, in it one schema and one login role for each service."""

from shared.columns import Ident, Json, Utc
from shared.db.databases import Databases
from shared.db.tx import Tx

__all__ = ["Databases", "Ident", "Json", "Tx", "Utc"]
