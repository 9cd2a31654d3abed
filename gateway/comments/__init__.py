"""Comments in GraphQL."""
