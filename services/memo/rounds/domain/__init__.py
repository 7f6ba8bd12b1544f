"""The rules of opinion rounds."""
