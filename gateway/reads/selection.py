"""What an operation selects under one field: response keys in order, fragments spread, directives applied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    is_abstract_type,
)
from graphql.execution.values import VariableValues, get_argument_values, get_directive_values


@dataclass(frozen=True)
class Selected:
    """One response key of a selection."""

    response_key: str
    name: str
    nodes: tuple[FieldNode, ...]
    """All nodes of the document that ask for it; their sub-selections are merged."""


class Selection:
    """Reads selections of one operation. Fragments are visited once per selection, so the work is linear."""

    def __init__(self, info: GraphQLResolveInfo[Any]) -> None:
        self._info = info
        self.schema: GraphQLSchema = info.schema
        # Strawberry's info holds the coerced values alone; graphql-core wants them in its container.
        self._variables = VariableValues({}, cast("dict[str, Any]", info.variable_values))

    def fields(self, nodes: Sequence[FieldNode], parent: GraphQLObjectType) -> list[Selected]:
        """The fields that the nodes' selection sets ask of an object of this type."""
        found: dict[str, list[FieldNode]] = {}
        visited: set[str] = set()
        for node in nodes:
            for selection in node.selection_set.selections if node.selection_set else ():
                for child in self._flatten(selection, parent, visited):
                    key = child.alias.value if child.alias else child.name.value
                    found.setdefault(key, []).append(child)
        return [Selected(key, children[0].name.value, tuple(children)) for key, children in found.items()]

    def arguments(self, selected: Selected, parent: GraphQLObjectType) -> dict[str, Any]:
        """Coerced arguments of a field, by their GraphQL names."""
        definition = parent.fields[selected.name]
        return get_argument_values(definition, selected.nodes[0], self._variables)

    def _flatten(self, node: SelectionNode, parent: GraphQLObjectType, visited: set[str]) -> Iterator[FieldNode]:
        if not self._included(node):
            return
        if isinstance(node, FieldNode):
            yield node
            return
        if isinstance(node, FragmentSpreadNode):
            if node.name.value in visited:
                return
            visited.add(node.name.value)
            fragment: Any = self._info.fragments[node.name.value]
        else:
            assert isinstance(node, InlineFragmentNode)
            fragment = node
        if self._applies(fragment.type_condition, parent):
            for child in fragment.selection_set.selections:
                yield from self._flatten(child, parent, visited)

    def _included(self, node: Any) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return not (skip and skip["if"]) and not (include and not include["if"])

    def _applies(self, condition: Any, parent: GraphQLObjectType) -> bool:
        if condition is None or condition.name.value == parent.name:
            return True
        wanted = self.schema.get_type(condition.name.value)
        return is_abstract_type(wanted) and self.schema.is_sub_type(wanted, parent)
