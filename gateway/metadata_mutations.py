"""setMetadata and removeMetadata, whoever owns the entries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import strawberry

from domain.assets.commands import remove_asset_metadata, set_asset_metadata
from domain.databases.commands import remove_database_metadata, set_database_metadata
from domain.errors import Invalid
from domain.files.commands import remove_file_metadata, set_file_metadata
from domain.files.paths import check_path
from domain.links.commands import remove_link_metadata, set_link_metadata
from domain.stream import Outcome
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

    @strawberry.mutation(description="Add entries or replace them by key.")
    async def set_metadata(self, info: Info, input: SetMetadataInput) -> SetMetadataPayload:  # noqa: A002
        given = entries(input.entries)
        options = {"entries": given, "replace_all": bool(input.replace_all)}
        commands = (set_database_metadata, set_asset_metadata, set_file_metadata, set_link_metadata)
        done = await _carry_out(info, input, name="setMetadata", commands=commands, options=options)
        return SetMetadataPayload(**filled(done), given=input)

    @strawberry.mutation(description="Remove entries by key; keys that do not exist are passed over.")
    async def remove_metadata(self, info: Info, input: RemoveMetadataInput) -> RemoveMetadataPayload:  # noqa: A002
        commands = (remove_database_metadata, remove_asset_metadata, remove_file_metadata, remove_link_metadata)
        done = await _carry_out(
            info, input, name="removeMetadata", commands=commands, options={"keys": tuple(input.keys)}
        )
        return RemoveMetadataPayload(**filled(done), given=input)


Command = Callable[..., Outcome]
Commands = tuple[Command, Command, Command, Command]
"""Of a database, an asset, a file and a link."""


async def _carry_out(
    info: Info,
    given: SetMetadataInput | RemoveMetadataInput,
    *,
    name: str,
    commands: Commands,
    options: dict[str, Any],
) -> Done:
    context: Context = info.context
    try:
        command = _command(given, commands)
    except Invalid as error:
        return Done(errors=[user_error(error)])
    return await context.carry_out(command, **options, order=context.order(name, given))


def _command(given: SetMetadataInput | RemoveMetadataInput, commands: Commands) -> Command:
    """The owner's command, taking the ledger and the options. Raises Invalid for an owner that can't be."""
    asset_link_id, of_link = given.asset_link_id, commands[3]
    if (given.owner is None) == (asset_link_id is None):
        raise Invalid("Give owner or assetLinkId, and not both: they say whose entries to change.", path=("owner",))
    if given.owner is None:
        return lambda ledger, **options: of_link(ledger, str(asset_link_id), **options)
    return _owners_command(given.owner, commands)


def _owners_command(owner: MetadataOwner, commands: Commands) -> Command:
    of_database, of_asset, of_file, _ = commands
    if owner.path is None:
        if owner.attributes:
            raise Invalid("Only files have attributes: give the owner's path.", path=("owner", "path"))
        key = (owner.database_id,) if owner.asset_id is None else (owner.database_id, owner.asset_id)
        chosen = of_database if owner.asset_id is None else of_asset
        return lambda ledger, **options: chosen(ledger, *key, **options)
    if owner.asset_id is None:
        raise Invalid("A file belongs to an asset: give the owner's assetId.", path=("owner", "assetId"))
    file = (owner.database_id, owner.asset_id, check_path(owner.path, field=("owner", "path")))
    change = partial(of_file, attributes=bool(owner.attributes))
    return lambda ledger, **options: change(ledger, file, **options)
