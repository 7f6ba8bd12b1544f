"""Pages of opinion rounds."""
