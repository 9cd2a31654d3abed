"""How requests arrive and answers leave: HTTP, signatures, injected faults."""
