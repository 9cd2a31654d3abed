"""Constraints in GraphQL."""
