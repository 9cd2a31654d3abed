"""Tag types and tags in GraphQL."""
