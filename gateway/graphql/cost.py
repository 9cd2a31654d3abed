"""Counts what a parsed document asks for, in one pass that is linear in the size of its text."""

from __future__ import annotations

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
