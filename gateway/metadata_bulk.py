"""setMetadataInBulk and removeMetadataInBulk: many owners in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import strawberry

from domain.errors import DomainError
from domain.owners.commands import change_metadata_in_bulk
from domain.owners.errors import Refusal
from domain.owners.owner import MetadataChange, Removal, Setting
from gateway.context import Context, Done, Info
from gateway.errors import UserError, code_named, user_error
from gateway.metadata import MetadataInput, entries
from gateway.metadata_mutations import MetadataOwner, owner_of
from gateway.payloads import Payload, filled


@strawberry.input(description="Entries to set for one owner.")
class SetMetadataItemInput:
    """An item of setMetadataInBulk."""

    entries: list[MetadataInput]
    owner: MetadataOwner | None = None
    asset_link_id: strawberry.ID | None = strawberry.field(
        default=None, description="A link that owns them, in place of owner."
    )
    replace_all: bool = strawberry.field(default=False, description="Remove every other entry of the owner.")


@strawberry.input(description="Entries to set for up to 10 000 owners.")
class SetMetadataInBulkInput:
    """Input of setMetadataInBulk."""

    items: list[SetMetadataItemInput]
    all_or_nothing: bool = strawberry.field(
        default=False, description="Refuse all items when one is refused, in place of leaving that one out."
    )
    idempotency_key: str | None = None


@strawberry.input(description="Entries to remove from one owner.")
class RemoveMetadataItemInput:
    """An item of removeMetadataInBulk."""

    keys: list[str]
    owner: MetadataOwner | None = None
    asset_link_id: strawberry.ID | None = strawberry.field(
        default=None, description="A link that owns them, in place of owner."
    )


@strawberry.input(description="Entries to remove from up to 10 000 owners.")
class RemoveMetadataInBulkInput:
    """Input of removeMetadataInBulk."""

    items: list[RemoveMetadataItemInput]
    all_or_nothing: bool = strawberry.field(
        default=False, description="Refuse all items when one is refused, in place of leaving that one out."
    )
    idempotency_key: str | None = None


@strawberry.type(description="An item that was refused and changed nothing.")
class ItemRefusal:
    """One refused item."""

    index: int = strawberry.field(description="Its place among the items, from 0.")
    error: UserError = strawberry.field(description="Why; its path begins with items and the index.")


@strawberry.type
class BulkMetadataPayload(Payload):
    """Base of payloads of bulk changes."""

    applied_count: int = strawberry.field(
        description="Items that were carried out, those that had nothing to change included."
    )
    refusals: list[ItemRefusal] = strawberry.field(description="The other items, by index.")


@strawberry.type(description="What became of the items. The request as a whole is refused when no item is carried out.")
class SetMetadataInBulkPayload(BulkMetadataPayload):
    """Payload of setMetadataInBulk."""


@strawberry.type(description="What became of the items. The request as a whole is refused when no item is carried out.")
class RemoveMetadataInBulkPayload(BulkMetadataPayload):
    """Payload of removeMetadataInBulk."""


@strawberry.type
class BulkMetadataMutations:
    """Mutations of the metadata of many owners."""

    @strawberry.mutation(
        description="Set entries of up to 10 000 databases, assets, files and links in one transaction, item by item;"
        " a refused item is reported and changes nothing."
    )
    async def set_metadata_in_bulk(self, info: Info, input: SetMetadataInBulkInput) -> SetMetadataInBulkPayload:  # noqa: A002
        changes = [Setting(entries(item.entries), item.replace_all) for item in input.items]
        done = await _carry_out(info, "setMetadataInBulk", input, changes)
        return SetMetadataInBulkPayload(**filled(done), **_report(done))

    @strawberry.mutation(
        description="Remove entries of up to 10 000 databases, assets, files and links in one transaction, item by"
        " item; a refused item is reported and changes nothing."
    )
    async def remove_metadata_in_bulk(
        self,
        info: Info,
        input: RemoveMetadataInBulkInput,  # noqa: A002
    ) -> RemoveMetadataInBulkPayload:
        changes = [Removal(tuple(item.keys)) for item in input.items]
        done = await _carry_out(info, "removeMetadataInBulk", input, changes)
        return RemoveMetadataInBulkPayload(**filled(done), **_report(done))


async def _carry_out(
    info: Info,
    name: str,
    given: SetMetadataInBulkInput | RemoveMetadataInBulkInput,
    changes: Sequence[Setting | Removal],
) -> Done:
    context: Context = info.context
    items: Sequence[SetMetadataItemInput | RemoveMetadataItemInput] = given.items
    try:
        owners = [
            owner_of(item.owner, item.asset_link_id, path=("items", str(index))) for index, item in enumerate(items)
        ]
    except DomainError as error:
        return Done(errors=[user_error(error)])
    wanted = [MetadataChange(owner, what) for owner, what in zip(owners, changes, strict=True)]
    order = context.order(name, given)
    return await context.carry_out(change_metadata_in_bulk, wanted, is_all_or_nothing=given.all_or_nothing, order=order)


def _report(done: Done) -> dict[str, Any]:
    """Constructor arguments of a bulk payload."""
    if done.errors:
        items = [error for error in done.errors if error.path[:1] == ["items"] and len(error.path) > 1]
        return {"applied_count": 0, "refusals": [ItemRefusal(index=int(one.path[1]), error=one) for one in items]}
    refusals = msgspec.json.decode(done.result["refusals"], type=list[Refusal])
    return {"applied_count": int(done.result["applied"]), "refusals": [_refusal(one) for one in refusals]}


def _refusal(refusal: Refusal) -> ItemRefusal:
    error = UserError(code=code_named(refusal.error), message=refusal.message, path=list(refusal.path))
    return ItemRefusal(index=refusal.index, error=error)
