"""Counts the comparisons that validation will make between fields of the same name in the same place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)


def count_overlaps(document: DocumentNode) -> int:
    """Pairs of fields of one response name, with fragments spread and namesakes merged.

    graphql-core compares each pair (OverlappingFieldsCanBeMerged), which is quadratic in the length of the
    text; this count takes one step a field. Call it only when the fields have been counted and no fragment is
    in a cycle: it visits a fragment wherever it is spread.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    return sum(
        _pairs([node.selection_set], fragments)
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    )


def _pairs(merged: Iterable[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    namesakes: dict[str, list[FieldNode]] = {}
    spread: set[str] = set()
    for selection_set in merged:
        for field in _fields(selection_set, fragments, spread):
            name = (field.alias or field.name).value
            namesakes.setdefault(name, []).append(field)
    total = 0
    for fields in namesakes.values():
        total += len(fields) * (len(fields) - 1) // 2
        total += _pairs([field.selection_set for field in fields if field.selection_set], fragments)
    return total


def _fields(
    selection_set: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], spread: set[str]
) -> Iterator[FieldNode]:
    """The fields of a selection set, each fragment once for all the sets that share `spread`."""
    for selection in selection_set.selections:
        if isinstance(selection, FieldNode):
            yield selection
        elif isinstance(selection, InlineFragmentNode):
            yield from _fields(selection.selection_set, fragments, spread)
        elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in spread:
            spread.add(selection.name.value)
            definition = fragments.get(selection.name.value)
            if definition is not None:
                yield from _fields(definition.selection_set, fragments, spread)
