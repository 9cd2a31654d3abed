"""Deleting a database and bringing it back; nothing that it held is lost."""

from __future__ import annotations

from domain.assets.asset import ASSETS
from domain.cause import Order
from domain.databases.commands import load_database
from domain.databases.errors import DatabaseHasPipelines, DatabaseNotEmpty
from domain.databases.events import DatabaseDeleted
from domain.databases.roster import closing, roster
from domain.ledger import Ledger
from domain.pipelines.registry import load_registry
from domain.stream import Decision, Outcome
from domain.text import check_text

MAX_REASON_LENGTH = 256


def delete_database(
    ledger: Ledger, database_id: str, *, with_archived_assets: bool = False, reason: str | None = None, order: Order
) -> Outcome:
    """Delete a database that holds no active asset, and no archived one either unless that is said.

    Nor one that has pipelines or workflows. No asset can be created or unarchived in it at the same time, and no
    pipeline or workflow made: one of the two is refused.
    Raises DatabaseNotFound, DatabaseIsDeleted, DatabaseNotEmpty, DatabaseHasPipelines, Invalid.
    """
    check_text(reason, name="reason", longest=MAX_REASON_LENGTH)

    def decide() -> Decision:
        parts = roster(ledger, database_id)
        stream, database = load_database(ledger, database_id)
        stream.expect(order)
        database.require_active()
        names = [(database_id, name) for part in parts for name in part.state or ()]
        loaded = [asset.state for asset in ledger.load_many(ASSETS, names)]
        states = [asset for asset in loaded if asset is not None and not asset.is_deleted]
        archived = sum(asset.is_archived for asset in states)
        active = len(states) - archived
        if active or (archived and not with_archived_assets):
            raise DatabaseNotEmpty(database_id, active=active, archived=archived)
        definitions, registry = load_registry(ledger)
        pipelines, workflows = registry.held_by(database_id)
        if pipelines or workflows:
            raise DatabaseHasPipelines(database_id, pipelines=pipelines, workflows=workflows)
        event = DatabaseDeleted(database_id=database_id, reason=reason)
        return Decision((*closing(database_id, parts), stream.then(event)), held=(definitions,))

    return ledger.carry_out(order, decide)


def restore_database(ledger: Ledger, database_id: str, *, reason: str | None = None, order: Order) -> Outcome:
    """Bring a deleted database back. Raises DatabaseNotFound, DatabaseNotDeleted, Invalid."""
    check_text(reason, name="reason", longest=MAX_REASON_LENGTH)

    def decide() -> Decision:
        stream, database = load_database(ledger, database_id)
        stream.expect(order)
        return Decision((stream.then(database.restore(reason)),))

    return ledger.carry_out(order, decide)
