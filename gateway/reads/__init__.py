"""Reads are planned: the selection under a root field becomes one SQL statement that returns JSON."""
