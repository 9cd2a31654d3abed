"""Transfers of files: one request to move or copy many, carried out by a processor and recorded file by file."""
