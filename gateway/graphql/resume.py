"""Lets a reconnecting SSE client continue after the last event it saw."""

from __future__ import annotations

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    NameNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    visit,
)


def resumed_after(document: DocumentNode, *, schema: GraphQLSchema, last_event_id: str) -> DocumentNode:
    """The document with the argument `after` of its subscription root field set to `last_event_id`.

    A browser's EventSource repeats its first request word for word, so the id it adds in a header is newer
    than any `after` in the text. A root field without that argument is left as it is.
    """
    type_info = TypeInfo(schema)
    resume: DocumentNode = visit(document, TypeInfoVisitor(type_info, _Resume(type_info, schema, last_event_id)))
    return resume


class _Resume(Visitor):
    def __init__(self, type_info: TypeInfo, schema: GraphQLSchema, last_event_id: str) -> None:
        super().__init__()
        self._type_info = type_info
        self._root = schema.subscription_type
        self._last_event_id = last_event_id

    def enter_field(self, node: FieldNode, *_: object) -> FieldNode | None:
        field = self._type_info.get_field_def()
        is_root = self._root is not None and self._type_info.get_parent_type() is self._root
        if not is_root or field is None or "after" not in field.args:
            return None
        others = [argument for argument in node.arguments or () if argument.name.value != "after"]
        after = ArgumentNode(
            name=NameNode(value="after"), value=StringValueNode(value=self._last_event_id, block=False)
        )
        return FieldNode(
            alias=node.alias,
            name=node.name,
            arguments=(*others, after),
            directives=node.directives,
            selection_set=node.selection_set,
            loc=node.loc,
        )
