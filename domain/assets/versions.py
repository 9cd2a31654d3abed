"""Commands on asset versions: a version is a bookmark in the log, or an explicit list of file versions."""

from __future__ import annotations

from domain.assets.commands import change_asset, load_asset
from domain.assets.events import ChosenFile
from domain.cause import Order
from domain.errors import Invalid
from domain.files.file import FILES
from domain.files.paths import check_path
from domain.ledger import Ledger
from domain.stream import Decision, Outcome
from domain.text import check_text

SEPARATOR = "\n"
MAX_COMMENT_LENGTH = 1024
MAX_ALIAS_LENGTH = 64


def create_asset_version(
    ledger: Ledger,
    database_id: str,
    asset_id: str,
    *,
    comment: str,
    version_alias: str | None = None,
    files: tuple[ChosenFile, ...] | None = None,
    order: Order,
) -> Outcome:
    """Make the next version. Without `files` it is the latest of every file and its event stays small.

    The result has `assetVersionId` and `skippedPaths` (newline separated): chosen files that do not
    exist or are archived.
    Raises AssetNotFound, AssetAlreadyArchived, VersionAliasTaken, Invalid.
    """
    check_comment(comment)
    check_text(version_alias, name="versionAlias", longest=MAX_ALIAS_LENGTH)
    chosen = None if files is None else _checked(files)

    def decide() -> Decision:
        stream, asset = load_asset(ledger, database_id, asset_id)
        stream.expect(order)
        found = None if chosen is None else _existing(ledger, (database_id, asset_id), chosen)
        event = asset.create_version(comment=comment, version_alias=version_alias or None, files=found)
        skipped = {file.path for file in chosen or ()} - {file.path for file in found or ()}
        result = {
            "assetVersionId": str(event.asset_version_id),
            "skippedPaths": SEPARATOR.join(sorted(skipped)),
        }
        return Decision((stream.then(event),), result)

    return ledger.carry_out(order, decide)


def update_asset_version(
    ledger: Ledger,
    key: tuple[str, str, int],
    *,
    comment: str | None = None,
    version_alias: str | None = None,
    order: Order,
) -> Outcome:
    """Change the comment or the alias of a version (database id, asset id, number); an empty alias clears it.

    None leaves a value. Raises AssetNotFound, AssetAlreadyArchived, AssetVersionNotFound, VersionAliasTaken, Invalid.
    """
    if comment is not None:
        check_comment(comment)
    check_text(version_alias, name="versionAlias", longest=MAX_ALIAS_LENGTH)
    database_id, asset_id, number = key
    return change_asset(
        ledger,
        (database_id, asset_id),
        lambda asset: asset.update_version(number, comment=comment, version_alias=version_alias),
        order=order,
    )


def archive_asset_version(ledger: Ledger, key: tuple[str, str, int], *, order: Order) -> Outcome:
    """Take a version out of the default list. Raises AssetVersionNotFound, AssetVersionIsCurrent, Archived."""
    return change_asset(ledger, key[:2], lambda asset: (asset.archive_version(key[2]),), order=order)


def unarchive_asset_version(ledger: Ledger, key: tuple[str, str, int], *, order: Order) -> Outcome:
    """Bring a version back into the default list. Raises AssetVersionNotFound, AssetVersionNotArchived."""
    return change_asset(ledger, key[:2], lambda asset: (asset.unarchive_version(key[2]),), order=order)


def check_comment(comment: str) -> None:
    """Raise Invalid unless it has 1 to 1024 characters that are not all blank."""
    if not comment.strip():
        raise Invalid("A version needs a comment.", path=("comment",))
    check_text(comment, name="comment", longest=MAX_COMMENT_LENGTH)


def _checked(files: tuple[ChosenFile, ...]) -> tuple[ChosenFile, ...]:
    checked = tuple(
        ChosenFile(path=check_path(file.path, field=("files", str(i), "path")), s3_version_id=file.s3_version_id)
        for i, file in enumerate(files)
    )
    if len({file.path for file in checked}) < len(checked):
        raise Invalid("A version holds each path once.", path=("files",))
    return checked


def _existing(ledger: Ledger, asset: tuple[str, str], files: tuple[ChosenFile, ...]) -> tuple[ChosenFile, ...]:
    streams = ledger.load_many(FILES, [(*asset, file.path) for file in files])
    return tuple(
        file
        for file, stream in zip(files, streams, strict=True)
        if stream.state is not None and not stream.state.is_archived and file.s3_version_id in stream.state.versions
    )
