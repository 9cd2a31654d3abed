"""The type of any JSON value, used where a fact's shape belongs to somebody else."""

from __future__ import annotations

from typing import Any

JsonValue = Any
"""None, bool, int, float, str, list or dict of the same; msgspec cannot check a recursive alias, so this is Any."""
