"""Comments, which VAMS keys by asset id alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from domain.comments.commands import create_comment
from domain.comments.events import Anchor
from domain.users.user import USER_ID
from processors.vams_import.session import Session
from processors.vams_import.staging import OF_ASSET_IDS, Row
from processors.vams_import.values import DELETED, parts, text

TABLE = "CommentStorageTable"
CARRIED = {"assetId", "assetVersionId:commentId", "commentBody", "commentOwnerID"}


def import_comments(session: Session, key: tuple[str, str], numbers: Mapping[str, int]) -> None:
    """The comments of an asset, when no other database has an asset of its id."""
    if session.staging.databases_of(key[1]) != [key[0]]:
        return
    for row in session.staging.of_asset(TABLE, key[1]):
        if row.key[0].endswith(DELETED):
            session.refuse(row, "it was deleted")
        else:
            _import_comment(session, row, key, numbers)


def refuse_ambiguous(session: Session) -> None:
    """Tell of rows that name an asset id alone, which no database has, or several."""
    for table in OF_ASSET_IDS:
        for row in session.staging.of_table(table):
            asset_id = row.key[0].partition(":")[0].removesuffix(DELETED)
            databases = session.staging.databases_of(asset_id)
            if len(databases) != 1:
                found = f"the databases {', '.join(databases)} have" if databases else "no database has"
                session.refuse(row, f"{found} an asset {asset_id!r}, and the row names none")


def _import_comment(session: Session, row: Row, key: tuple[str, str], numbers: Mapping[str, int]) -> None:
    version, comment_id = parts(row.key[1], 2) or ("", row.key[1])
    number = numbers.get(version)
    if number is None and version != "0":
        session.change(row, f"it was about version {version!r}, which is not there, and is about the asset")
    owner = text(row.get("commentOwnerID")) or text(row.get("commentOwnerUsername"))
    if not USER_ID.fullmatch(owner):
        session.change(row, f"nobody can edit it: its owner {owner!r} is no user id")
    command = partial(
        create_comment,
        session.ledger,
        (*key, comment_id),
        comment_body=text(row.get("commentBody")),
        anchor=Anchor(asset_version_id=number),
        owner_id=f"user:{owner}",
    )
    if session.attempt(row, command):
        session.came_from(row, "comment", (*key, comment_id), CARRIED)
