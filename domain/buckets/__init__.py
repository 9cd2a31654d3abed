"""Registered (bucket, prefix) pairs, and which asset owns which prefix below them."""
