"""Features: switches of a deployment, on while they exist."""
