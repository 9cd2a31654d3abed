"""Constraints: which roles and users may do what to which things."""
