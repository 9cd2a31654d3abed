"""Metadata schemas: which keys entities should have, of which types, and what becomes of a change that disagrees."""
