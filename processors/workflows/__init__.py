"""Workflows: starts them when files appear, runs their pipelines, and makes files and entries of what these made."""
