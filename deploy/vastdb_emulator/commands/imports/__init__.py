"""Imports of Parquet objects into tables."""
