"""setMetadata and removeMetadata, whoever owns the entries."""

from __future__ import annotations

import strawberry

from domain.errors import DomainError, Invalid
from domain.files.paths import check_path
from domain.owners.commands import change_metadata
from domain.owners.owner import (
    AssetOwner,
    DatabaseOwner,
    FileOwner,
    LinkOwner,
    MetadataChange,
    Owner,
    Removal,
    Setting,
)
from gateway.context import Context, Done, Info
from gateway.errors import user_error
from gateway.metadata import MetadataEntry, MetadataInput, entries
from gateway.payloads import Payload, filled
from gateway.reads.owned import read_entries, read_link_entries


@strawberry.input(description="Who owns the entries: a database, an asset of it, or a file of that asset.")
class MetadataOwner:
    """An owner."""

    database_id: str
    asset_id: str | None = None
    path: str | None = strawberry.field(default=None, description="A file of the asset.")
    attributes: bool | None = strawberry.field(
        default=False, description="The file's machine-written attributes in place of its metadata."
    )


@strawberry.input(description="Entries to set.")
class SetMetadataInput:
    """Input of setMetadata."""

    entries: list[MetadataInput]
    owner: MetadataOwner | None = None
    asset_link_id: strawberry.ID | None = strawberry.field(
        default=None, description="A link that owns them, in place of owner."
    )
    replace_all: bool | None = strawberry.field(default=False, description="Remove every other entry of the owner.")
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.input(description="Entries to remove.")
class RemoveMetadataInput:
    """Input of removeMetadata."""

    keys: list[str]
    owner: MetadataOwner | None = None
    asset_link_id: strawberry.ID | None = strawberry.field(
        default=None, description="A link that owns them, in place of owner."
    )
    expected_revision: int | None = None
    idempotency_key: str | None = None


@strawberry.type
class MetadataPayload(Payload):
    """Base of payloads with entries."""

    given: strawberry.Private[SetMetadataInput | RemoveMetadataInput]

    @strawberry.field(description="All entries of the owner as they are now, by key.")
    async def entries(self, info: Info) -> list[MetadataEntry]:
        owner = self.given.owner
        if self.key is None:
            return []
        if owner is None:
            return await read_link_entries(info, str(self.given.asset_link_id))
        return await read_entries(
            info, owner.database_id, owner.asset_id, path=owner.path, is_attributes=bool(owner.attributes)
        )


@strawberry.type(description="The owner's entries after the change.")
class SetMetadataPayload(MetadataPayload):
    """Payload of setMetadata."""


@strawberry.type(description="The owner's entries after the change.")
class RemoveMetadataPayload(MetadataPayload):
    """Payload of removeMetadata."""


@strawberry.type
class MetadataMutations:
    """Mutations of metadata."""

    @strawberry.mutation(
        description="Add entries or replace them by key; metadata schemas judge the keys that are touched, and fill in"
        " their defaults."
    )
    async def set_metadata(self, info: Info, input: SetMetadataInput) -> SetMetadataPayload:  # noqa: A002
        setting = Setting(entries(input.entries), bool(input.replace_all))
        return SetMetadataPayload(**filled(await _carry_out(info, "setMetadata", input, setting)), given=input)

    @strawberry.mutation(
        description="Remove entries by key; keys that do not exist are passed over, and those that metadata schemas"
        " require are refused."
    )
    async def remove_metadata(self, info: Info, input: RemoveMetadataInput) -> RemoveMetadataPayload:  # noqa: A002
        done = await _carry_out(info, "removeMetadata", input, Removal(tuple(input.keys)))
        return RemoveMetadataPayload(**filled(done), given=input)


async def _carry_out(
    info: Info, name: str, given: SetMetadataInput | RemoveMetadataInput, what: Setting | Removal
) -> Done:
    context: Context = info.context
    try:
        owner = owner_of(given.owner, given.asset_link_id)
        if isinstance(owner, FileOwner):
            check_path(owner.path, field=("owner", "path"))
    except DomainError as error:
        return Done(errors=[user_error(error)])
    return await context.carry_out(change_metadata, MetadataChange(owner, what), order=context.order(name, given))


def owner_of(given: MetadataOwner | None, asset_link_id: str | None, *, path: tuple[str, ...] = ()) -> Owner:
    """Whom the two fields name, at this path of the input. Raises Invalid for an owner that can't be."""
    if (given is None) == (asset_link_id is None):
        message = "Give owner or assetLinkId, and not both: they say whose entries to change."
        raise Invalid(message, path=(*path, "owner"))
    if given is None:
        return LinkOwner(str(asset_link_id))
    if given.path is not None:
        return _file(given, path=(*path, "owner"))
    if given.attributes:
        raise Invalid("Only files have attributes: give the owner's path.", path=(*path, "owner", "path"))
    if given.asset_id is not None:
        return AssetOwner(given.database_id, given.asset_id)
    return DatabaseOwner(given.database_id)


def _file(given: MetadataOwner, *, path: tuple[str, ...]) -> FileOwner:
    if given.asset_id is None:
        raise Invalid("A file belongs to an asset: give the owner's assetId.", path=(*path, "assetId"))
    return FileOwner(given.database_id, given.asset_id, given.path or "", attributes=bool(given.attributes))
