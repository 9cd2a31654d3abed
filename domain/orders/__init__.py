"""The memory of idempotency keys: one stream a key, written in the transaction of the command it names."""
