"""API keys in GraphQL."""
