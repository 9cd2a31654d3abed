"""Adoptions of key prefixes in GraphQL."""
