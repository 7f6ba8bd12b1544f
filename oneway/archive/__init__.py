"""A tenant carried whole from one installation to another: docs/backup.md describes the archive."""
