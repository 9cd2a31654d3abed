"""API keys: what programs act as a user with."""
