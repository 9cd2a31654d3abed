"""Pipelines and workflows in GraphQL."""
