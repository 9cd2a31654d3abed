"""The request to import Parquet objects."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import vastdb.vast_flatbuf
from vastdb.vast_flatbuf.tabular.ImportDataRequest import ImportDataRequest

from deploy.vastdb_emulator.store.table import ImportedObject
from deploy.vastdb_emulator.wire.arrow_messages import read_batch

# The SDK's generated reader of this one request imports its neighbours by a package name that does not exist.
sys.modules.setdefault("vast_flatbuf", vastdb.vast_flatbuf)


@dataclass(frozen=True)
class ImportedFile:
    """One object to import; `constants` is a record batch of one row, whose columns the object's rows get as well."""

    source: ImportedObject
    constants: Any | None


def decode(body: bytes) -> tuple[list[ImportedFile], list[str]]:
    """The objects to import and the key columns to join them by; without keys they are appended."""
    request = ImportDataRequest.GetRootAs(body)
    keys = [request.KeyNames(index).Name().decode() for index in range(request.KeyNamesLength())]
    return [_file(request.S3Files(index)) for index in range(request.S3FilesLength())], keys


def _file(file: Any) -> ImportedFile:
    source = ImportedObject(file.BucketName().decode(), file.FileName().decode())
    has_constants = file.PartitionsLength() > 0
    return ImportedFile(source, read_batch(file.PartitionsAsNumpy().tobytes()) if has_constants else None)
