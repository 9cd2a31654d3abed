"""Roles, and who holds them, in GraphQL."""
