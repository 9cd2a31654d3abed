"""Manifests of assets and of what they are linked to, as a stream of lines."""
