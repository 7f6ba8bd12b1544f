"""Attachments' bytes: encrypted objects on the file system or in an S3-compatible store."""

from shared.storage.seal import Damaged
from shared.storage.store import Store, Stored

__all__ = ["Damaged", "Store", "Stored"]
