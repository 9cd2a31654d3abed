"""A VAST DB emulator: the wire protocol of the vastdb SDK, over tables kept in a local directory."""
