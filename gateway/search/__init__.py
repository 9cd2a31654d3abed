"""Search in GraphQL."""
