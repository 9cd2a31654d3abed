"""Users in GraphQL."""
