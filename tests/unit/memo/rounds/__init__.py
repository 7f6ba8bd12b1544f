"""Opinion rounds."""
