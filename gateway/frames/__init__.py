"""The columnar tables in GraphQL."""
