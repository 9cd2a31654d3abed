"""Entries are set and removed in one way, so that no actor passes the metadata schemas by."""

from __future__ import annotations

import re

from domain.catalogue import EVENTS
from tests.architecture.checkout import ROOT, place, python_files

ENTRY_EVENTS = [event.__name__ for event in EVENTS if re.search(r"(Metadata|Attributes)(Set|Removed)$", event.__name__)]
MAKERS = {
    "domain/assets/asset.py",
    "domain/databases/database.py",
    "domain/files/file.py",
    "domain/links/link.py",
    "domain/transfers/entries.py",
}
"""Each takes the rules of the entity; without them, as a revert does, an earlier state is taken as it was."""
UNGOVERNED = {"domain/assets/reverts.py", "domain/links/commands.py"}
"""What calls a verb without rules: reverting restores, and a link that is deleted loses all of its entries."""


def _using(pattern: str) -> set[str]:
    sources = [
        path for path in python_files() if path.relative_to(ROOT).parts[0] in ("domain", "processors", "gateway")
    ]
    return {place(path) for path in sources if re.search(pattern, path.read_text())}


def test_events_of_entries_are_made_where_the_rules_are_asked() -> None:
    assert len(ENTRY_EVENTS) == 10
    constructed = rf"(?<!case )(?<!class )\b({'|'.join(ENTRY_EVENTS)})\("
    # The file's module names the class by a variable.
    assert _using(constructed) | {"domain/files/file.py"} == MAKERS


def test_verbs_are_called_without_rules_only_to_restore_or_to_delete() -> None:
    calls = r"\.(set|remove)_metadata\((?![^)]*rules=)(?!.*rules=)"
    assert _using(calls) == UNGOVERNED
