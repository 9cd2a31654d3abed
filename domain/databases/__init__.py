"""Databases: the collections that assets live in."""
