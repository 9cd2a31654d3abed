"""What a schema may say, whatever other schemas say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

import msgspec

from domain.metadata import MAX_KEY_LENGTH, MAX_VALUE_BYTES, MetadataValueType, is_key, is_of_type, is_value
from domain.schemas.errors import MetadataSchemaInvalid
from domain.schemas.fields import OF_FILES, MetadataEntityType, SchemaField

T = TypeVar("T")

MAX_NAME_LENGTH = 256
MAX_FIELDS = 500
MAX_CHOICES = 1000
MAX_SEQUENCE = 2**31 - 1
EXTENSION = re.compile(r"\.[a-zA-Z0-9]{1,15}")
ANY_EXTENSION = ".all"


@dataclass(frozen=True)
class Definition:
    """All that can change about a schema, but for whether it is enabled."""

    schema_name: str
    fields: tuple[SchemaField, ...]
    file_key_type_restriction: tuple[str, ...] = ()
    allows_other_keys: bool = False


def redefined(
    definition: Definition,
    *,
    schema_name: str | None = None,
    fields: tuple[SchemaField, ...] | None = None,
    file_key_type_restriction: tuple[str, ...] | None = None,
    allows_other_keys: bool | None = None,
) -> Definition:
    """The definition with what is given; None leaves a value."""
    return Definition(
        _or(schema_name, definition.schema_name),
        _or(fields, definition.fields),
        _or(file_key_type_restriction, definition.file_key_type_restriction),
        allows_other_keys=_or(allows_other_keys, definition.allows_other_keys),
    )


def checked(definition: Definition, entity_type: MetadataEntityType) -> Definition:
    """The definition as it is stored. Raises MetadataSchemaInvalid."""
    _check_name(definition.schema_name)
    _check_fields(definition.fields, entity_type)
    extensions = _checked_extensions(definition.file_key_type_restriction, entity_type)
    fields = tuple(_stored(field) for field in definition.fields)
    return replace(definition, fields=fields, file_key_type_restriction=extensions)


def in_order(fields: Mapping[str, SchemaField]) -> list[str]:
    """The keys, each after those that it depends on."""
    return list(TopologicalSorter({key: field.depends_on for key, field in fields.items()}).static_order())


def _check_name(name: str) -> None:
    if not 1 <= len(name) <= MAX_NAME_LENGTH or not name.isprintable() or name != name.strip():
        raise MetadataSchemaInvalid(
            f"A schema's name has 1 to {MAX_NAME_LENGTH} printable characters and no blanks at its ends; "
            f"{name[:40]!r} does not.",
            path=("schemaName",),
        )


def _checked_extensions(extensions: tuple[str, ...], entity_type: MetadataEntityType) -> tuple[str, ...]:
    path = ("fileKeyTypeRestriction",)
    if extensions and entity_type not in OF_FILES:
        raise MetadataSchemaInvalid("Only schemas of files can be restricted to extensions: leave it out.", path=path)
    for extension in extensions:
        if not EXTENSION.fullmatch(extension):
            raise MetadataSchemaInvalid(
                f"An extension is a dot and 1 to 15 letters or digits; {extension[:40]!r} is not.", path=path
            )
    lower = tuple(dict.fromkeys(extension.lower() for extension in extensions))
    return () if ANY_EXTENSION in lower else lower


def _check_fields(fields: Sequence[SchemaField], entity_type: MetadataEntityType) -> None:
    if not 1 <= len(fields) <= MAX_FIELDS:
        raise MetadataSchemaInvalid(f"A schema has 1 to {MAX_FIELDS} fields, not {len(fields)}.", path=("fields",))
    keys: set[str] = set()
    for index, field in enumerate(fields):
        fault = _fault(field, entity_type) or ("is given twice" if field.key in keys else None)
        if fault:
            raise MetadataSchemaInvalid(f"The field {field.key[:40]!r} {fault}.", path=("fields", str(index)))
        keys.add(field.key)
    for index, field in enumerate(fields):
        _check_dependencies(field, keys, path=("fields", str(index), "dependsOn"))
    _check_no_cycle(fields)


def _fault(field: SchemaField, entity_type: MetadataEntityType) -> str | None:
    """What is wrong with the field by itself."""
    if not is_key(field.key):
        return f"has no key of 1 to {MAX_KEY_LENGTH} printable characters"
    if entity_type is MetadataEntityType.FILE_ATTRIBUTE and field.value_type is not MetadataValueType.STRING:
        return f"is a {field.value_type}, and attributes are strings only"
    if not 0 <= field.sequence <= MAX_SEQUENCE:
        return f"has the sequence {field.sequence}; it is 0 to {MAX_SEQUENCE}"
    return _list_fault(field) or _default_fault(field)


def _list_fault(field: SchemaField) -> str | None:
    choices = field.controlled_list
    if field.value_type is not MetadataValueType.INLINE_CONTROLLED_LIST:
        return f"is a {field.value_type} and has a controlled list" if choices else None
    if not 1 <= len(choices) <= MAX_CHOICES:
        return f"needs a controlled list of 1 to {MAX_CHOICES} values"
    if len(set(choices)) < len(choices) or not all(choice and is_value(choice) for choice in choices):
        return "has a value twice, an empty one or an unstorable one in its controlled list"
    return None


def _default_fault(field: SchemaField) -> str | None:
    default = field.default or ""
    if not is_value(default):
        return f"has a default over {MAX_VALUE_BYTES} bytes, or with a NUL or half a surrogate pair"
    if not is_of_type(default, field.value_type):
        return f"has a default that is not a {field.value_type}: {default[:60]!r}"
    if default and field.controlled_list and default not in field.controlled_list:
        return f"has a default that is not in its controlled list: {default[:60]!r}"
    return None


def _check_dependencies(field: SchemaField, keys: set[str], *, path: tuple[str, ...]) -> None:
    if len(set(field.depends_on)) < len(field.depends_on):
        raise MetadataSchemaInvalid(f"The field {field.key!r} depends on a key twice.", path=path)
    for key in field.depends_on:
        if key not in keys:
            raise MetadataSchemaInvalid(
                f"The field {field.key!r} depends on {key[:40]!r}, which is no field of this schema.", path=path
            )


def _check_no_cycle(fields: Sequence[SchemaField]) -> None:
    try:
        in_order({field.key: field for field in fields})
    except CycleError as error:
        circle = " -> ".join(repr(key) for key in reversed(error.args[1]))
        raise MetadataSchemaInvalid(f"Fields depend on each other in a circle: {circle}.", path=("fields",)) from None


def _or(given: T | None, otherwise: T) -> T:
    return otherwise if given is None else given


def _stored(field: SchemaField) -> SchemaField:
    return msgspec.structs.replace(field, default=field.default or None)
