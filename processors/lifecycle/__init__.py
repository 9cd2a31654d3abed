"""What happens to objects in the store because of what happened to assets and files."""
