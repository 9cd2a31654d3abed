"""createFolder, deleteFolder, and where the folders of an asset are read."""

from __future__ import annotations

import strawberry

from domain.folders.commands import create_folder, delete_folder
from gateway.assets.mutations import AssetPayload
from gateway.context import Context, Info
from gateway.payloads import filled


@strawberry.input
class FolderInput:
    """Base of the inputs: which folder is meant."""

    database_id: str
    asset_id: str
    path: str = strawberry.field(description="Inside the asset; a slash at its end changes nothing.")
    idempotency_key: str | None = None


@strawberry.input(description="A folder to make.")
class CreateFolderInput(FolderInput):
    """Input of createFolder."""


@strawberry.input(description="A folder to forget.")
class DeleteFolderInput(FolderInput):
    """Input of deleteFolder."""


@strawberry.type(description="The asset with its new folder.")
class CreateFolderPayload(AssetPayload):
    """Payload of createFolder."""


@strawberry.type(description="The asset without the folder.")
class DeleteFolderPayload(AssetPayload):
    """Payload of deleteFolder."""


@strawberry.type
class FolderMutations:
    """Mutations of folders."""

    @strawberry.mutation(
        description="Make a folder, so that it is there without files. Folders that files lie in need not be made."
    )
    async def create_folder(self, info: Info, input: CreateFolderInput) -> CreateFolderPayload:  # noqa: A002
        context: Context = info.context
        key = (input.database_id, input.asset_id, input.path)
        done = await context.carry_out(create_folder, key, order=context.order("createFolder", input))
        return CreateFolderPayload(**filled(done, database_id=input.database_id, asset_id=input.asset_id))

    @strawberry.mutation(
        description="Forget that a folder was made. Its files stay, and as long as there are any the folder is shown."
    )
    async def delete_folder(self, info: Info, input: DeleteFolderInput) -> DeleteFolderPayload:  # noqa: A002
        context: Context = info.context
        key = (input.database_id, input.asset_id, input.path)
        done = await context.carry_out(delete_folder, key, order=context.order("deleteFolder", input))
        return DeleteFolderPayload(**filled(done, database_id=input.database_id, asset_id=input.asset_id))
