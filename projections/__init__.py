"""Read models: folded from events, disposable."""
