"""Jobs on objects in GraphQL."""
