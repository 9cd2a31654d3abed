"""The Postgres event store: appending in groups, and one feed of what was appended."""
