"""Upload sessions between the object store, which holds the bytes, and the ledger, which says what they are."""
