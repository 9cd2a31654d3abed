"""One function for each command of the protocol."""
