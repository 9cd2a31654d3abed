"""Folders of assets that somebody made, so that they are there without a file."""
