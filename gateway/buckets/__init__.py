"""Buckets in GraphQL."""
