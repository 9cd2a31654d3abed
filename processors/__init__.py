"""Reactions: take an event, touch the world, issue a command."""
