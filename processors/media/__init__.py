"""Reads a picture once: what its header says, a thumbnail and a proxy. The only importer of image libraries."""
