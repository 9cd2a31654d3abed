"""Extensions that a database blocks, whatever it allows."""

from __future__ import annotations

import pytest

from domain.databases.commands import update_database
from domain.databases.database import DATABASES
from domain.databases.events import DatabaseExtensionsBlocked
from domain.errors import Invalid
from domain.files.commands import check_target
from domain.files.errors import FileExtensionRefused
from tests.domain.library import given_asset, given_database, order, recording, refused
from tests.doubles.memory_ledger import MemoryLedger


def _blocked(*extensions: str) -> DatabaseExtensionsBlocked:
    return DatabaseExtensionsBlocked(database_id="shows", blocked_file_extensions=extensions)


def test_extensions_are_blocked_from_the_start_or_later_once(ledger: MemoryLedger) -> None:
    with recording(ledger) as then:
        given_database(ledger, blocked_file_extensions=(".EXE", ".bat", ".exe"))
    assert then.events[-1] == _blocked(".exe", ".bat")
    with recording(ledger) as then:
        for _ in range(2):
            update_database(ledger, "shows", blocked_file_extensions=(".bat",), order=order())
        update_database(ledger, "shows", description="All other shows", order=order())
        update_database(ledger, "shows", blocked_file_extensions=(), order=order())
    assert [event for event in then.events if isinstance(event, DatabaseExtensionsBlocked)] == [
        _blocked(".bat"),
        _blocked(),
    ]


@pytest.mark.parametrize("extension", ["exe", ".", ".a b"])
def test_what_is_no_extension_is_refused(ledger: MemoryLedger, extension: str) -> None:
    given_database(ledger)
    with refused(ledger, Invalid, "blockedFileExtensions"):
        update_database(ledger, "shows", blocked_file_extensions=(extension,), order=order())


@pytest.mark.parametrize(
    ("allowed", "path", "policy"),
    [
        ((), "tools/Setup.EXE", "blocks files of this extension"),
        ((".exr", ".exe"), "a.exe", "takes .exr"),
        ((".all",), "a.exe", "blocks files of this extension"),
    ],
)
def test_a_blocked_file_is_refused_whatever_is_allowed(
    ledger: MemoryLedger, allowed: tuple[str, ...], path: str, policy: str
) -> None:
    given_database(ledger, restrict_file_uploads_to_extensions=allowed, blocked_file_extensions=(".exe",))
    given_asset(ledger)
    database = ledger.load(DATABASES, "shows").state
    assert database is not None
    assert (database.accepts(path), database.accepts("a.exr")) == (False, True)
    with pytest.raises(FileExtensionRefused) as caught:
        check_target(ledger, "shows", "shot_010", [path])
    assert caught.value.message == f"{path!r} may not be stored here: this database {policy}."
