"""Transfers of files in GraphQL."""
