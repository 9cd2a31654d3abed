"""Links between assets in GraphQL."""
