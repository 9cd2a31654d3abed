"""Metadata schemas in GraphQL: their definitions, the fields they give to entities, and what does not comply."""
