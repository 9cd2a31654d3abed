"""The event log in GraphQL."""
