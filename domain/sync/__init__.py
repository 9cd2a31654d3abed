"""What others did to a bucket: the versions that the store shows at a key, and what of it the log does not know."""
