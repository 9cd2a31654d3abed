"""Owners of metadata: databases, assets, files with their attributes, and links. All changes of entries pass here."""
