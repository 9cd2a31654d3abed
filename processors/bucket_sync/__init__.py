"""Bucket sync: brings the log up to what others put into a bucket, and took out of it, without asking."""
