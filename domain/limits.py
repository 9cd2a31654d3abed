"""Limits that an installation chooses; the composition root hands them to the ledger."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Maxima, inclusive."""

    metadata_entries: int = 500
    """Entries of one database, asset, file or link; a file's attributes count for themselves."""
