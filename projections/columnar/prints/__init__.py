"""Prints of the columnar tables: where each lies, which table versions belong to its position, how two differ."""
