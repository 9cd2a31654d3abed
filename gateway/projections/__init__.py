"""Projections in GraphQL."""
