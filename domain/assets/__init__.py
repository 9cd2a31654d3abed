"""Assets: named groups of files with tags, metadata and numbered versions."""
