"""Commands on folders: a made folder is a fact of the log, whose stream says whether it is there."""

from __future__ import annotations

from domain.assets.commands import load_asset
from domain.cause import Order
from domain.files.file import FILES
from domain.files.paths import check_path
from domain.folders.errors import FolderAlreadyExists, FolderNotFound
from domain.folders.events import FolderCreated, FolderDeleted, FolderEvent
from domain.ledger import Ledger
from domain.stream import Aggregate, Decision, Outcome

FolderKey = tuple[str, str, str]
"""Database id, asset id, path; one with a slash at its end is the same folder."""


def create_folder(ledger: Ledger, key: FolderKey, *, order: Order) -> Outcome:
    """Make a folder that is there without files.

    Raises AssetNotFound, AssetAlreadyArchived, FolderAlreadyExists, PathInvalid.
    """
    database_id, asset_id, path = _checked(key)

    def decide() -> Decision:
        asset_stream, asset = load_asset(ledger, database_id, asset_id)
        asset.require_active()
        stream = ledger.load(FOLDERS, database_id, asset_id, path)
        file = ledger.load(FILES, database_id, asset_id, path).state
        if stream.state or (file is not None and file.is_there):
            raise FolderAlreadyExists(path)
        event = FolderCreated(database_id=database_id, asset_id=asset_id, path=path)
        return Decision((stream.then(event),), held=(asset_stream,))

    return ledger.carry_out(order, decide)


def delete_folder(ledger: Ledger, key: FolderKey, *, order: Order) -> Outcome:
    """Forget that a folder was made; files in it stay where they are, and it is shown as long as there are any.

    Raises AssetNotFound, AssetAlreadyArchived, FolderNotFound, PathInvalid.
    """
    database_id, asset_id, path = _checked(key)

    def decide() -> Decision:
        asset_stream, asset = load_asset(ledger, database_id, asset_id)
        asset.require_active()
        stream = ledger.load(FOLDERS, database_id, asset_id, path)
        if not stream.state:
            raise FolderNotFound(path)
        event = FolderDeleted(database_id=database_id, asset_id=asset_id, path=path)
        return Decision((stream.then(event),), held=(asset_stream,))

    return ledger.carry_out(order, decide)


def _checked(key: FolderKey) -> FolderKey:
    return key[0], key[1], check_path(key[2].removesuffix("/"))


def _evolve(_: bool | None, event: FolderEvent) -> bool:
    return isinstance(event, FolderCreated)


FOLDERS = Aggregate("folder", _evolve)
"""Whether the folder is there on its own."""
