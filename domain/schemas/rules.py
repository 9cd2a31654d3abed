"""What the schemas that apply to one entity say of its metadata, and what a change of it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from domain.metadata import Metadata, MetadataEntry, difference, merged
from domain.schemas.definition import in_order
from domain.schemas.errors import MetadataNotCompliant, MetadataValueTypeFixed, NonComplianceReason
from domain.schemas.fields import SchemaField
from domain.schemas.schema import MetadataSchema

Changed = tuple[tuple[MetadataEntry, ...], tuple[str, ...]]
"""Entries that are new or differ, and keys that go."""


@dataclass(frozen=True)
class Rules:
    """The fields that govern an entity's keys. A change is judged by the keys that it touches, and by no other."""

    fields: Mapping[str, SchemaField] = field(default_factory=dict)
    """By key, each after those that it depends on."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """By key, the schema that says so."""
    is_closed: bool = False
    """Whether no other keys may be set."""
    most: int | None = None
    """Entries that the entity may hold."""

    def setting(
        self,
        metadata: Metadata,
        entries: Sequence[MetadataEntry],
        *,
        replace_all: bool = False,
        field: str = "entries",
    ) -> Changed:
        """What really changes when the entries are set, defaults of unset keys included; nothing when nothing does.

        Raises MetadataNotCompliant, MetadataValueTypeFixed, TooManyMetadataEntries; `field` is the input's.
        """
        changed, removed = difference(metadata, entries, replace_all=replace_all, most=self.most, field=field)
        if not changed and not removed:
            return (), ()
        after = merged(metadata, changed, removed)
        filled = self.defaults(after)
        if filled:
            changed, removed = difference(metadata, (*entries, *filled), replace_all=replace_all)
            after = merged(metadata, changed, removed)
        for index, entry in enumerate(entries):
            if metadata.get(entry.key) != entry:
                self._check_entry(metadata, after, entry, path=(field, str(index)), is_retypable=replace_all)
        self._check_losses(metadata, after, [*removed, *(entry.key for entry in changed)], field=field)
        return changed, removed

    def first(self, entries: Sequence[MetadataEntry], *, field: str = "entries") -> tuple[MetadataEntry, ...]:
        """The entries that a new entity begins with: those given, then defaults. Raises what `setting` does."""
        changed, _ = self.setting({}, entries, field=field)
        return changed or self.defaults({})

    def removing(self, metadata: Metadata, keys: Iterable[str]) -> tuple[str, ...]:
        """Those of the keys that exist. Raises MetadataNotCompliant for one that is required or needed by another."""
        removed = tuple(key for key in dict.fromkeys(keys) if key in metadata)
        self._check_losses(metadata, merged(metadata, (), removed), removed, field="keys")
        return removed

    def defaults(self, metadata: Metadata) -> tuple[MetadataEntry, ...]:
        """Entries for keys that have a default and no entry, as far as there is room and what they need is there."""
        wanted = [one for one in self.fields.values() if one.default and one.key not in metadata]
        filled = dict(metadata) if wanted else {}
        for one in wanted:
            has_room = self.most is None or len(filled) < self.most
            if has_room and one.default and not _missing(one, filled):
                filled[one.key] = MetadataEntry(key=one.key, value=one.default, value_type=one.value_type)
        return tuple(entry for key, entry in filled.items() if key not in metadata)

    def _check_entry(
        self, before: Metadata, after: Metadata, entry: MetadataEntry, *, path: tuple[str, ...], is_retypable: bool
    ) -> None:
        governing = self.fields.get(entry.key)
        if governing is None:
            self._check_ungoverned(before.get(entry.key), entry, path=path, is_retypable=is_retypable)
            return
        for reason, message, part in _faults(governing, entry, after):
            said = f"{message}, says the metadata schema {self.titles[entry.key]}."
            raise MetadataNotCompliant(entry.key, reason, said, path=(*path, part))

    def _check_ungoverned(
        self, present: MetadataEntry | None, entry: MetadataEntry, *, path: tuple[str, ...], is_retypable: bool
    ) -> None:
        if self.is_closed:
            raise MetadataNotCompliant(
                entry.key,
                NonComplianceReason.KEY_OUTSIDE_SCHEMAS,
                f"The database takes only keys of its metadata schemas, and {entry.key!r} is none.",
                path=(*path, "key"),
            )
        if present is not None and present.value_type is not entry.value_type and not is_retypable:
            raise MetadataValueTypeFixed(entry.key, present.value_type, path=(*path, "valueType"))

    def _check_losses(self, before: Metadata, after: Metadata, touched: Sequence[str], *, field: str) -> None:
        """Raise for a touched key that had a value, has none now, and is required or needed by another."""
        for key in touched:
            if not _has_value(before, key) or _has_value(after, key):
                continue
            governing = self.fields.get(key)
            if governing is not None and governing.is_required:
                message = f"A value of {key!r} is required, says the metadata schema {self.titles[key]}."
                raise MetadataNotCompliant(key, NonComplianceReason.REQUIRED_VALUE_MISSING, message, path=(field,))
            for other in self._dependents(key, after):
                message = f"{other!r} needs a value of {key!r}, says the metadata schema {self.titles[other]}."
                raise MetadataNotCompliant(key, NonComplianceReason.DEPENDENCY_MISSING, message, path=(field,))

    def _dependents(self, key: str, metadata: Metadata) -> Iterator[str]:
        return (other for other, one in self.fields.items() if key in one.depends_on and _has_value(metadata, other))


UNGOVERNED = Rules()
"""For what restores an earlier state: it is taken as it was, and what does not comply is shown as such."""


def rules_of(schemas: Sequence[MetadataSchema], *, is_restricted: bool, most: int | None) -> Rules:
    """What the schemas, which agree with each other, say together; `is_restricted` is the database's own wish."""
    fields = {one.key: one for schema in schemas for one in schema.definition.fields}
    titles = {one.key: schema.title for schema in reversed(schemas) for one in schema.definition.fields}
    is_closed = is_restricted and any(not schema.definition.allows_other_keys for schema in schemas)
    return Rules({key: fields[key] for key in in_order(fields)}, titles, is_closed=is_closed, most=most)


def _faults(
    governing: SchemaField, entry: MetadataEntry, after: Metadata
) -> Iterator[tuple[NonComplianceReason, str, str]]:
    """What is wrong with the entry, in words, and which part of it is at fault."""
    key, value = entry.key, entry.value
    if entry.value_type is not governing.value_type:
        yield NonComplianceReason.VALUE_TYPE_DIFFERS, f"{key!r} is a {governing.value_type}", "valueType"
    if governing.is_required and not value:
        yield NonComplianceReason.REQUIRED_VALUE_MISSING, f"A value of {key!r} is required", "value"
    if value and governing.controlled_list and value not in governing.controlled_list:
        choices = ", ".join(repr(choice) for choice in governing.controlled_list[:10])
        more = ", …" if len(governing.controlled_list) > 10 else ""
        yield NonComplianceReason.VALUE_NOT_IN_LIST, f"{key!r} is one of {choices}{more}", "value"
    if value:
        for needed in _missing(governing, after):
            yield NonComplianceReason.DEPENDENCY_MISSING, f"{key!r} needs a value of {needed!r}", "key"


def _missing(governing: SchemaField, metadata: Metadata) -> list[str]:
    return [key for key in governing.depends_on if not _has_value(metadata, key)]


def _has_value(metadata: Metadata, key: str) -> bool:
    return key in metadata and metadata[key].value != ""
