"""Pipelines and workflows: what can be run over files, and in which order."""
