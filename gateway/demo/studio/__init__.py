"""A large log for measuring an installation: what a studio records in years, made by the real commands."""
