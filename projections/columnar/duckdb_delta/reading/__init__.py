"""Reads: which files, which SQL, and its rows in the registered types."""
