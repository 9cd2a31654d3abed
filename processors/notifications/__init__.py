"""Notifications: tells subscribers of events, by webhook or mail."""
