"""Reads a picture once: its headers, a thumbnail and a proxy. The only importer of image libraries."""
