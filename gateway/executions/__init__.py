"""Executions of workflows in GraphQL."""
