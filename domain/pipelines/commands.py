"""Commands on pipelines."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.cause import Order
from domain.databases.commands import load_database
from domain.ledger import Ledger
from domain.pipelines.events import (
    GLOBAL,
    ExecutionKind,
    PipelineCreated,
    PipelineDeleted,
    PipelineRedefined,
    PipelineTerms,
)
from domain.pipelines.registry import Key, expect, load_registry
from domain.pipelines.rules import PipelinePolicy, check_key, check_pipeline
from domain.stream import Decision, Outcome, Stream


def create_pipeline(
    ledger: Ledger,
    key: Key,
    *,
    execution_kind: ExecutionKind,
    terms: PipelineTerms,
    policy: PipelinePolicy,
    order: Order,
) -> Outcome:
    """Make a pipeline of a database or of GLOBAL.

    Raises PipelineAlreadyExists, PipelineResourceInvalid, DatabaseNotFound, DatabaseIsDeleted, Invalid.
    """
    check_key(*key, field="pipelineId")
    check_pipeline(execution_kind, terms, policy=policy)

    def decide() -> Decision:
        held = active_owner(ledger, key[0])
        stream, registry = load_registry(ledger)
        registry.require_free_pipeline(key)
        event = PipelineCreated(database_id=key[0], pipeline_id=key[1], execution_kind=execution_kind, terms=terms)
        return Decision((stream.then(event),), {"secretGeneration": str(terms.secret_generation)}, held=held)

    return ledger.carry_out(order, decide)


def update_pipeline(
    ledger: Ledger,
    key: Key,
    *,
    changes: dict[str, Any],
    rotate_secret: bool = False,
    policy: PipelinePolicy,
    order: Order,
) -> Outcome:
    """Change the terms named in `changes`, by field of PipelineTerms. Executions that run keep the old ones.

    Raises PipelineNotFound, PipelineResourceInvalid, Invalid.
    """

    def decide() -> Decision:
        stream, registry = load_registry(ledger)
        pipeline = registry.pipeline(key)
        expect(order, pipeline.revision)
        generation = pipeline.terms.secret_generation + rotate_secret
        terms = msgspec.structs.replace(pipeline.terms, **changes, secret_generation=generation)
        check_pipeline(pipeline.execution_kind, terms, policy=policy)
        event = PipelineRedefined(database_id=key[0], pipeline_id=key[1], terms=terms)
        change = stream.then(*(() if terms == pipeline.terms else (event,)))
        return Decision((change,), {"secretGeneration": str(generation)})

    return ledger.carry_out(order, decide)


def delete_pipeline(ledger: Ledger, key: Key, *, order: Order) -> Outcome:
    """Delete a pipeline that no workflow uses. Raises PipelineNotFound, PipelineInUse."""

    def decide() -> Decision:
        stream, registry = load_registry(ledger)
        expect(order, registry.pipeline(key).revision)
        registry.require_unused(key)
        return Decision((stream.then(PipelineDeleted(database_id=key[0], pipeline_id=key[1])),))

    return ledger.carry_out(order, decide)


def active_owner(ledger: Ledger, database_id: str) -> tuple[Stream[Any], ...]:
    """The stream to hold while something is made in the database; none for GLOBAL.

    Deleting the database holds the registry in turn, so of the two that race one is refused.
    Raises DatabaseNotFound, DatabaseIsDeleted.
    """
    if database_id == GLOBAL:
        return ()
    stream, database = load_database(ledger, database_id)
    database.require_active()
    return (stream,)
