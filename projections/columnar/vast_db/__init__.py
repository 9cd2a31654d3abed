"""The VAST DB backend: tables of a cluster, reached through the vastdb SDK."""
