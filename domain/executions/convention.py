"""What an output is, by its name.

The names are VAMS's. `{path}.previewFile.{ext}` previews a file. `{path}.metadata.json` and `{path}.attribute.json`
hold entries of a file, `metadata.json` those of the inputs in its folder (at the top, where no input is, of the asset),
and `asset.metadata.json` those of the asset. `preview.{ext}` at the top is the asset's preview. The rest are files.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from domain.errors import DomainError
from domain.executions.errors import OutputInvalid
from domain.executions.events import ExecutionStep, OutputKind, WorkflowExecutionRequested
from domain.files.paths import check_path, extension
from domain.files.previews import EXTENSIONS, MARK, base_of
from domain.metadata import MetadataEntry, MetadataValueType, check_entries

METADATA, ATTRIBUTES = ".metadata.json", ".attribute.json"
ASSET_METADATA = "asset.metadata.json"
FOLDER_METADATA = "metadata.json"
ASSET = ""
"""Stands for the asset where a path of its files could be."""


class OutputEntry(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """One entry in a document of entries."""

    metadata_key: str
    metadata_value: str
    metadata_value_type: MetadataValueType = MetadataValueType.STRING


class EntriesDocument(msgspec.Struct, frozen=True, rename="camel"):
    """The content of a document of entries."""

    metadata: tuple[OutputEntry, ...]
    update_type: str = "update"
    """`update` leaves other keys, `replace_all` removes them."""
    type: str = "metadata"


@dataclass(frozen=True)
class Entries:
    """Entries for a file, or for the asset where the path is empty, and the output that they come from."""

    source: str
    owner: str
    kind: OutputKind
    entries: tuple[MetadataEntry, ...]
    replace_all: bool


_decoder = msgspec.json.Decoder(EntriesDocument)


def kind_of(path: str) -> OutputKind:
    """What the output at this path is."""
    name = path.rsplit("/", 1)[-1]
    if name == FOLDER_METADATA or name.endswith(METADATA):
        return OutputKind.METADATA
    if name.endswith(ATTRIBUTES):
        return OutputKind.ATTRIBUTES
    if base_of(path) is not None:
        return OutputKind.FILE_PREVIEW
    is_preview = path == f"preview{extension(path)}" and extension(path)[1:] in EXTENSIONS
    return OutputKind.ASSET_PREVIEW if is_preview else OutputKind.FILE


def is_material(path: str) -> bool:
    """Whether an output is a file for the next step to work on, and no preview or document of entries."""
    return kind_of(path) is OutputKind.FILE


def starts_workflows(path: str) -> bool:
    """Whether a new file may start workflows: no preview, and in no folder that VAMS keeps for itself."""
    *folders, name = path.split("/")
    return f"{MARK}." not in name and not RESERVED_FOLDERS.intersection(folders)


def check_output(request: WorkflowExecutionRequested, step: ExecutionStep, path: str) -> str:
    """The path in stored form, if the step may write there. Raises OutputInvalid, naming it."""
    try:
        checked = check_path(path, field=("outputs", path[:80]))
    except DomainError as error:
        raise OutputInvalid(path[:80], f"has a path that no file can have: {error.message}") from error
    kind = kind_of(checked)
    wanted = step.terms.output_type
    if kind is OutputKind.FILE and wanted is not None and extension(checked) != wanted:
        raise OutputInvalid(checked, f"is no {wanted} file, which is what the pipeline {step.pipeline_id} makes")
    folders = {_folder(file.path) for file in request.inputs}
    is_of_asset = checked == ASSET_METADATA or kind is OutputKind.ASSET_PREVIEW
    if folders and not is_of_asset and not any(_lies_in(checked, folder) for folder in folders):
        shown = ", ".join(sorted(folders)[:5])
        raise OutputInvalid(checked, f"lies in no folder of its inputs, which are in {shown}")
    return checked


def entries_in(request: WorkflowExecutionRequested, path: str, content: bytes) -> list[Entries]:
    """The entries that the document at this path has for each of its owners. Raises OutputInvalid, naming it."""
    try:
        document = _decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OutputInvalid(path, f"is no document of entries: {error}") from error
    if document.update_type not in ("update", "replace_all"):
        raise OutputInvalid(path, f"has the updateType {document.update_type!r}, not update or replace_all")
    entries = tuple(
        MetadataEntry(key=one.metadata_key, value=one.metadata_value, value_type=one.metadata_value_type)
        for one in document.metadata
    )
    try:
        check_entries(entries)
    except DomainError as error:
        raise OutputInvalid(path, f"has an entry that is refused: {error.message}") from error
    kind, replace_all = kind_of(path), document.update_type == "replace_all"
    return [Entries(path, owner, kind, entries, replace_all) for owner in _owners(request, path)]


def _owners(request: WorkflowExecutionRequested, path: str) -> list[str]:
    if path == ASSET_METADATA:
        return [ASSET]
    folder = _folder(path)
    if path == f"{folder}{FOLDER_METADATA}":
        beside = [file.path for file in request.inputs if _folder(file.path) == folder]
        if not beside and folder:
            raise OutputInvalid(path, "lies beside no input, so nobody can say whose entries it holds")
        return beside or [ASSET]
    return [path.removesuffix(METADATA).removesuffix(ATTRIBUTES)]


def _folder(path: str) -> str:
    """The folder with its slash; empty at the top."""
    return path[: path.rfind("/") + 1]


def _lies_in(path: str, folder: str) -> bool:
    return path.startswith(folder)


RESERVED_FOLDERS = frozenset(
    f"{name}{plural}" for name in ("temp-upload", "preview", "pipeline", "workspace") for plural in ("", "s")
)
"""By their whole name: `preview_renders` is a folder like every other."""
