"""Search documents of assets and files: folded from events into Postgres, asked through one contract."""
