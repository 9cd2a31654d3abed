"""Features in GraphQL."""
