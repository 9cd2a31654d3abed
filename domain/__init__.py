"""What may happen and what did happen; no I/O."""
