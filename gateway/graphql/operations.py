"""Executes operations on a Strawberry schema: admission, execution, masking, streams of subscriptions."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, Protocol, cast

import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    create_source_event_stream,
    execute_root_selection_set,
    execute_subscription_event,
    get_operation_ast,
)

from gateway.graphql.documents import DocumentCache
from gateway.graphql.errors import OperationRefused, readable
from gateway.graphql.execution import FragmentExecutor, PositionedEvent
from gateway.graphql.limits import GraphQLLimits
from gateway.graphql.resume import resumed_after


class OperationContext(Protocol):
    """What the transport itself reads from the context that resolvers see."""

    @property
    def request_id(self) -> str:
        """Shown to the caller beside a masked error, and logged with its cause."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One request as the client sent it; the parts are those of the GraphQL-over-HTTP specification."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None
    last_event_id: str | None = None
    """The SSE header Last-Event-ID: the position after which a subscription resumes."""


@dataclass(frozen=True, slots=True)
class PreparedOperation:
    """An admitted document and the operation chosen in it."""

    operation: Operation
    document: DocumentNode
    definition: OperationDefinitionNode

    @property
    def kind(self) -> OperationType:
        return self.definition.operation


@dataclass(frozen=True, slots=True)
class Outcome:
    """One response. `executed` is False when the request was refused, and then it has no data."""

    data: Mapping[str, Any] | None
    errors: tuple[GraphQLError, ...] = ()
    executed: bool = True
    position: int | None = None

    def payload(self) -> dict[str, Any]:
        """The response map; errors come first, where a reader of a long answer sees them."""
        errors = {"errors": [error.formatted for error in self.errors]} if self.errors else {}
        return {**errors, "data": self.data} if self.executed else errors


class ExtensionsUnsupported(Exception):
    """A schema with Strawberry extensions was given to the transport, which would never run them."""


class OperationRunner:
    """Runs operations on one schema. Resolvers' errors never leave it unmasked."""

    def __init__(self, schema: strawberry.Schema, limits: GraphQLLimits) -> None:
        if schema.extensions or schema.directives:
            raise ExtensionsUnsupported(
                "The transport executes documents itself, so the schema's extensions and operation directives"
                " would be ignored; remove them from the strawberry.Schema."
            )
        self._schema = schema._schema
        self._documents = DocumentCache(self._schema, limits)

    def prepare(self, operation: Operation) -> PreparedOperation:
        """Admit the document and choose the operation; raises OperationRefused with every reason."""
        admission = self._documents.admit(operation.query)
        if admission.document is None:
            raise OperationRefused(admission.errors)
        definition = get_operation_ast(admission.document, operation.operation_name)
        if definition is None:
            raise OperationRefused([_unknown_operation(operation.operation_name)])
        return PreparedOperation(operation, self._resume(admission.document, operation), definition)

    async def execute(self, prepared: PreparedOperation, context: OperationContext) -> Outcome:
        """Run a query or a mutation."""
        try:
            executor = self._executor(prepared, context)
            if isinstance(executor, Outcome):
                return executor
            result = execute_root_selection_set(executor)
            return _outcome(await result if isawaitable(result) else result, context)
        except Exception as error:  # noqa: BLE001 - readable() logs it, and the caller is told.
            return _failed([error], context)

    async def stream(self, prepared: PreparedOperation, context: OperationContext) -> AsyncGenerator[Outcome, None]:
        """Every response of an operation: one of a query or mutation, one an event of a subscription.

        A source that fails ends the stream with an outcome that has errors and was not executed.
        """
        if prepared.kind is not OperationType.SUBSCRIPTION:
            yield await self.execute(prepared, context)
            return
        try:
            executor = self._executor(prepared, context)
            async with aclosing(_events(executor, context)) as outcomes:
                async for outcome in outcomes:
                    yield outcome
        except Exception as error:  # noqa: BLE001 - readable() logs it, and the subscriber is told.
            yield _failed([error], context)

    def _resume(self, document: DocumentNode, operation: Operation) -> DocumentNode:
        if operation.last_event_id is None:
            return document
        return resumed_after(document, schema=self._schema, last_event_id=operation.last_event_id)

    def _executor(self, prepared: PreparedOperation, context: OperationContext) -> FragmentExecutor | Outcome:
        operation = prepared.operation
        executor = FragmentExecutor.build(
            self._schema,
            prepared.document,
            context_value=context,
            raw_variable_values=operation.variables,
            operation_name=operation.operation_name,
            operation_extensions=operation.extensions,
        )
        if isinstance(executor, list):
            return _failed(executor, context)
        return cast("FragmentExecutor", executor)


async def _events(executor: FragmentExecutor | Outcome, context: OperationContext) -> AsyncGenerator[Outcome, None]:
    if isinstance(executor, Outcome):
        yield executor
        return
    source: Any = create_source_event_stream(executor)
    source = await source if isawaitable(source) else source
    if isinstance(source, ExecutionResult):
        yield _failed(source.errors or (), context)
        return
    async with aclosing(source):
        async for event in source:
            position, value = _unwrapped(event)
            result = execute_subscription_event(executor.build_per_event_executor(value))
            yield _outcome(await result if isawaitable(result) else result, context, position=position)


def _unwrapped(event: object) -> tuple[int | None, object]:
    if isinstance(event, PositionedEvent):
        return event.position, event.value
    return None, event


def _outcome(result: Any, context: OperationContext, *, position: int | None = None) -> Outcome:
    errors = tuple(readable(error, context.request_id) for error in result.errors or ())
    return Outcome(result.data, errors, position=position)


def _failed(errors: Any, context: OperationContext) -> Outcome:
    return Outcome(None, tuple(readable(error, context.request_id) for error in errors), executed=False)


def _unknown_operation(name: str | None) -> GraphQLError:
    if name is None:
        return GraphQLError("The document has several operations; operationName must say which to run.")
    return GraphQLError(f"The document has no operation named {name!r}.")
