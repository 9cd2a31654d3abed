"""Roles: what constraints name, and users hold."""
