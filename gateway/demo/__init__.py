"""The demo library: what is in it, and loading it through the public API."""
