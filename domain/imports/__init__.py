"""Imports: what was made elsewhere, with its place there and what the log has no field for."""
