"""Which rows a query answers with, and in which order."""
