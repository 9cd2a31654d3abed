"""The way in, and the composition root."""
