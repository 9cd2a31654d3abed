"""Adoptions: an asset made over a key prefix whose objects become its files, batch by batch."""
