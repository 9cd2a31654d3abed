"""Users: people who may be given roles and keys."""
