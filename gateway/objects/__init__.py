"""Signed object URLs of the local store, served over HTTP."""
