"""No asset ends up active in a deleted database, whoever is first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from domain.databases.commands import load_database
from domain.databases.deletion import delete_database
from domain.databases.roster import roster
from domain.errors import DomainError
from domain.ledger import Ledger
from gateway.ledger.opening import open_ledger
from tests.domain.library import given_asset, given_database, order

ROUNDS = 20
CREATORS = 7


def _try(start: Barrier, command: Any, *arguments: Any) -> str:
    start.wait()
    try:
        command(*arguments)
    except DomainError as refusal:
        return type(refusal).__name__
    return "done"


def _delete(ledger: Ledger, database_id: str) -> None:
    delete_database(ledger, database_id, order=order())


def _create(ledger: Any, database_id: str, asset_id: str) -> None:
    given_asset(ledger, asset_id, database_id=database_id)


def test_a_deletion_and_creations_exclude_each_other(database_url: str) -> None:
    with open_ledger(database_url) as log, ThreadPoolExecutor(CREATORS + 1) as pool:
        for number in range(ROUNDS):
            database_id = f"shows-{number}"
            _race(log.ledger, pool, database_id)


def _race(ledger: Any, pool: ThreadPoolExecutor, database_id: str) -> None:
    given_database(ledger, database_id)
    start = Barrier(CREATORS + 1)
    deletion = pool.submit(_try, start, _delete, ledger, database_id)
    creations = [pool.submit(_try, start, _create, ledger, database_id, f"shot-{n}") for n in range(CREATORS)]
    created = sum(creation.result() == "done" for creation in creations)
    _, database = load_database(ledger, database_id)
    enrolled = sum(len(part.state or ()) for part in roster(ledger, database_id))
    assert enrolled == created
    if database.is_deleted:
        assert deletion.result() == "done"
        assert {creation.result() for creation in creations} == {"DatabaseIsDeleted"}
    else:
        assert (deletion.result(), created) == ("DatabaseNotEmpty", CREATORS)
