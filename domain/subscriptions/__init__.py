"""Subscriptions: who wants to be told of which events, and how."""
