"""Upload sessions: planned parts, completion, abort, expiry."""
