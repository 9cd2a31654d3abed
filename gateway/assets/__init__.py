"""Assets in GraphQL."""
