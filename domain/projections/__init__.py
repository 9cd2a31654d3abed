"""Requests to strike a projection again."""
