"""Refusals about links."""

from __future__ import annotations

from domain.errors import AlreadyExists, Archived, Conflict, Invalid, NotFound


class LinkNotFound(NotFound):
    """No link has this id, or it was deleted."""

    def __init__(self, asset_link_id: str) -> None:
        super().__init__("asset link", asset_link_id, path=("assetLinkId",))


class LinkEndNotFound(NotFound):
    """An asset to be linked does not exist."""

    def __init__(self, database_id: str, asset_id: str, *, field: str) -> None:
        super().__init__("asset", f"{database_id}/{asset_id}", path=(field,))


class LinkEndArchived(Archived):
    """An asset to be linked is archived."""

    def __init__(self, database_id: str, asset_id: str, *, field: str) -> None:
        super().__init__(f"The asset {database_id}/{asset_id} is archived: unarchive it first.", path=(field,))


class LinkToSelf(Invalid):
    """Both ends are the same asset."""

    def __init__(self) -> None:
        super().__init__("An asset can't be linked to itself: give two assets.", path=("toAssetId",))


class LinkAlreadyExists(AlreadyExists):
    """The two assets are linked like that already."""

    def __init__(self, *, field: str = "toAssetId") -> None:
        super().__init__(
            "These assets are linked like that already: change that link, or give another alias to a parent and child.",
            path=(field,),
        )


class LinkReversed(Conflict):
    """The wanted child is already a parent of the wanted parent."""

    def __init__(self) -> None:
        super().__init__("The child is already a parent of its wanted parent: delete that link first.", path=())


class LinkWouldCycle(Conflict):
    """The wanted child is already above the wanted parent."""

    def __init__(self) -> None:
        super().__init__("The child is already above its wanted parent, so the tree would close on itself.", path=())


class LinkAliasInvalid(Invalid):
    """The alias can't be one, or a link between related assets was to have one."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, path=("assetLinkAliasId",))
