"""Databases in GraphQL."""
