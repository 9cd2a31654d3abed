"""Admits query texts: parses, limits and validates each once, and remembers the verdict."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoFragmentCyclesRule,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.schema import validate_document

from gateway.graphql.cost import DocumentCost, count_overlaps, measure
from gateway.graphql.limits import GraphQLLimits, LimitExceeded


@dataclass(frozen=True, slots=True)
class Admission:
    """The verdict on one query text: a document to execute, or the errors that refuse it."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()


class DocumentCache:
    """The least recently used texts are forgotten once there are too many or they are too long together.

    Refusals are kept like admissions: a client that repeats a bad query must not be the expensive one.
    Belongs to one event loop.
    """

    def __init__(self, schema: GraphQLSchema, limits: GraphQLLimits) -> None:
        self._schema = schema
        self._limits = limits
        self._verdicts: OrderedDict[str, Admission] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._verdicts)

    def admit(self, query: str) -> Admission:
        """The verdict on a query text; the same text gives the same object while it is remembered."""
        known = self._verdicts.get(query)
        if known is not None:
            self._verdicts.move_to_end(query)
            return known
        size = len(query.encode("utf-8", "surrogatepass"))
        if size > self._limits.max_document_bytes:
            return _refused("max_document_bytes", value=size, maximum=self._limits.max_document_bytes)
        admission = self._judge(query)
        self._remember(query, admission, size)
        return admission

    def _remember(self, query: str, admission: Admission, size: int) -> None:
        self._verdicts[query] = admission
        self._bytes += size
        limits = self._limits
        while len(self._verdicts) > limits.max_cached_documents or self._bytes > limits.max_cached_bytes:
            forgotten, _ = self._verdicts.popitem(last=False)
            self._bytes -= len(forgotten.encode("utf-8", "surrogatepass"))

    def _judge(self, query: str) -> Admission:
        limits = self._limits
        try:
            document = parse(query, max_tokens=limits.max_tokens)
            cost = measure(document)
        except RecursionError:
            return _refused("max_depth", value=None, maximum=limits.max_depth)
        except GraphQLSyntaxError as error:
            if _is_token_limit(error):
                return _refused("max_tokens", value=None, maximum=limits.max_tokens)
            return Admission(None, (error,))
        errors = _exceeded(cost, limits) or self._invalid(document, cost)
        return Admission(None if errors else document, tuple(errors))

    def _invalid(self, document: DocumentNode, cost: DocumentCost) -> Sequence[GraphQLError]:
        if cost.cyclic:
            # The other rules, and the count below, are cheap only without cycles.
            return validate(self._schema, document, [NoFragmentCyclesRule])
        overlaps, maximum = count_overlaps(document), self._limits.max_overlaps
        if overlaps > maximum:
            return [LimitExceeded("max_overlaps", value=overlaps, maximum=maximum)]
        return validate_document(self._schema, document, tuple(specified_rules))


def _refused(limit: str, *, value: int | None, maximum: int) -> Admission:
    return Admission(None, (LimitExceeded(limit, value=value, maximum=maximum),))


def _is_token_limit(error: GraphQLSyntaxError) -> bool:
    # graphql-core has no class of its own for this refusal; a test fails if it changes the sentence.
    return "tokens. Parsing aborted" in error.message


def _exceeded(cost: DocumentCost, limits: GraphQLLimits) -> Sequence[LimitExceeded]:
    """The first limit that is passed, alone; empty when none is."""
    counts = (
        ("max_fragments", cost.fragments),
        ("max_depth", cost.operation.depth),
        ("max_fields", cost.operation.fields),
        ("max_aliases", cost.operation.aliases),
        ("max_directives", cost.operation.directives),
        ("max_root_fields", cost.operation.root_fields),
    )
    for limit, value in counts:
        maximum: int = getattr(limits, limit)
        if value > maximum:
            return [LimitExceeded(limit, value=value, maximum=maximum)]
    return []
