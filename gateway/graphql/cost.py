"""Counts what a parsed document asks for, and what validating it will cost, in steps linear in its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)


@dataclass(frozen=True, slots=True)
class SelectionCost:
    """What a selection set asks for with its fragments spread; `root_fields` are those of its top level."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0

    def beside(self, other: SelectionCost) -> SelectionCost:
        """The cost of both in one selection set."""
        return SelectionCost(
            depth=max(self.depth, other.depth),
            fields=self.fields + other.fields,
            aliases=self.aliases + other.aliases,
            directives=self.directives + other.directives,
            root_fields=self.root_fields + other.root_fields,
        )


@dataclass(frozen=True, slots=True)
class DocumentCost:
    """Each number is that of the operation with the most of it; `steps` counts visits to selections."""

    operation: SelectionCost
    fragments: int
    steps: int
    cyclic: bool
    """Whether a fragment spreads itself, directly or through others."""


def measure(document: DocumentNode) -> DocumentCost:
    """Count a document that need not be valid: unknown fragments and those in a cycle count nothing."""
    meter = _Meter(document)
    costs = [
        meter.selections(node.selection_set).beside(SelectionCost(directives=_directives_of(node)))
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    return DocumentCost(
        operation=SelectionCost(
            depth=max((cost.depth for cost in costs), default=0),
            fields=max((cost.fields for cost in costs), default=0),
            aliases=max((cost.aliases for cost in costs), default=0),
            directives=max((cost.directives for cost in costs), default=0),
            root_fields=max((cost.root_fields for cost in costs), default=0),
        ),
        fragments=len(meter.fragments),
        steps=meter.steps,
        cyclic=meter.cyclic,
    )


class _Meter:
    """Remembers the cost of each fragment, so that no selection is visited twice."""

    def __init__(self, document: DocumentNode) -> None:
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self.steps = 0
        self.cyclic = False
        self._known: dict[str, SelectionCost] = {}
        self._open: set[str] = set()

    def selections(self, node: SelectionSetNode | None) -> SelectionCost:
        total = SelectionCost()
        for selection in node.selections if node else ():
            self.steps += 1
            total = total.beside(self._selection(selection))
        return total

    def _selection(self, node: SelectionNode) -> SelectionCost:
        directives = SelectionCost(directives=len(node.directives or ()))
        if isinstance(node, FieldNode):
            return directives.beside(self._field(node))
        if isinstance(node, FragmentSpreadNode):
            return directives.beside(self._fragment(node.name.value))
        if isinstance(node, InlineFragmentNode):
            return directives.beside(self.selections(node.selection_set))
        raise TypeError(f"A selection is a field or a fragment, not {type(node).__name__}.")

    def _field(self, node: FieldNode) -> SelectionCost:
        inner = self.selections(node.selection_set)
        return SelectionCost(
            depth=inner.depth + 1,
            fields=inner.fields + 1,
            aliases=inner.aliases + (node.alias is not None),
            directives=inner.directives,
            root_fields=1,
        )

    def _fragment(self, name: str) -> SelectionCost:
        definition = self.fragments.get(name)
        if definition is None:
            return SelectionCost()
        if name in self._open:
            self.cyclic = True
            return SelectionCost()
        if name not in self._known:
            self._open.add(name)
            self._known[name] = self.selections(definition.selection_set).beside(
                SelectionCost(directives=len(definition.directives or ()))
            )
            self._open.remove(name)
        return self._known[name]


def _directives_of(node: OperationDefinitionNode) -> int:
    variables = node.variable_definitions or ()
    return len(node.directives or ()) + sum(len(variable.directives or ()) for variable in variables)


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
