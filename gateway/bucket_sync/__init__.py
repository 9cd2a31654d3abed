"""Bucket sync over HTTP, and its problems in GraphQL."""
