"""Commands on workflows."""

from __future__ import annotations

from domain.cause import Order
from domain.ledger import Ledger
from domain.pipelines.commands import active_owner
from domain.pipelines.events import PipelineRef, WorkflowCreated, WorkflowDeleted, WorkflowRedefined, WorkflowTerms
from domain.pipelines.registry import Key, expect, load_registry
from domain.pipelines.rules import check_key, check_workflow
from domain.stream import Decision, Outcome


def create_workflow(ledger: Ledger, key: Key, *, terms: WorkflowTerms, order: Order) -> Outcome:
    """Make a workflow of a database or of GLOBAL.

    Raises WorkflowAlreadyExists, PipelineNotFound, PipelineOutOfScope, DatabaseNotFound, DatabaseIsDeleted, Invalid.
    """
    check_key(*key, field="workflowId")
    check_workflow(terms)

    def decide() -> Decision:
        held = active_owner(ledger, key[0])
        stream, registry = load_registry(ledger)
        registry.require_free_workflow(key)
        registry.require_usable(key[0], terms)
        event = WorkflowCreated(database_id=key[0], workflow_id=key[1], terms=terms)
        return Decision((stream.then(event),), held=held)

    return ledger.carry_out(order, decide)


def update_workflow(
    ledger: Ledger,
    key: Key,
    *,
    description: str | None = None,
    pipelines: tuple[PipelineRef, ...] | None = None,
    auto_trigger_extensions: tuple[str, ...] | None = None,
    order: Order,
) -> Outcome:
    """Change what is given; None leaves a value. Executions that run keep their steps.

    Raises WorkflowNotFound, PipelineNotFound, PipelineOutOfScope, Invalid.
    """

    def decide() -> Decision:
        stream, registry = load_registry(ledger)
        workflow = registry.workflow(key)
        expect(order, workflow.revision)
        old = workflow.terms
        terms = WorkflowTerms(
            description=old.description if description is None else description,
            pipelines=old.pipelines if pipelines is None else pipelines,
            auto_trigger_extensions=(
                old.auto_trigger_extensions if auto_trigger_extensions is None else auto_trigger_extensions
            ),
        )
        check_workflow(terms)
        registry.require_usable(key[0], terms)
        event = WorkflowRedefined(database_id=key[0], workflow_id=key[1], terms=terms)
        return Decision((stream.then(*(() if terms == old else (event,))),))

    return ledger.carry_out(order, decide)


def delete_workflow(ledger: Ledger, key: Key, *, order: Order) -> Outcome:
    """Delete a workflow; executions that run go on. Raises WorkflowNotFound."""

    def decide() -> Decision:
        stream, registry = load_registry(ledger)
        expect(order, registry.workflow(key).revision)
        return Decision((stream.then(WorkflowDeleted(database_id=key[0], workflow_id=key[1])),))

    return ledger.carry_out(order, decide)
