"""Subscriptions to events by webhook and mail, in GraphQL."""
