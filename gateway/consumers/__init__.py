"""Followers of the log: who applies which event, exactly once, and how a projection is struck again."""
