"""Media and renditions in GraphQL."""
