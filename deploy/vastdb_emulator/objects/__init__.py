"""The part of S3 that imports read from."""
