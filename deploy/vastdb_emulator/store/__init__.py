"""Tables and transactions, in memory and on disk."""
