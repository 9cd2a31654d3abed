"""Pipelines and workflows in the words of the domain's tests."""

from __future__ import annotations

from typing import Any

from domain.ledger import Ledger
from domain.pipelines.commands import create_pipeline
from domain.pipelines.events import ExecutionKind, PipelineRef, PipelineTerms, WorkflowTerms
from domain.pipelines.rules import PipelinePolicy
from domain.pipelines.workflows import create_workflow
from tests.domain.library import order

POLICY = PipelinePolicy(python_entry_points=frozenset({"tools:denoise"}))
KIND = ExecutionKind.PYTHON


def terms(**values: Any) -> PipelineTerms:
    """Terms of a Python pipeline."""
    return PipelineTerms(**({"description": "Takes noise out", "resource": "tools:denoise"} | values))


def given_pipeline(ledger: Ledger, pipeline_id: str = "denoise", *, database_id: str = "shows", **values: Any) -> None:
    """A pipeline of a database that exists, or of GLOBAL."""
    key = (database_id, pipeline_id)
    create_pipeline(ledger, key, execution_kind=KIND, terms=terms(**values), policy=POLICY, order=order())


def given_workflow(
    ledger: Ledger, workflow_id: str = "clean", *pipelines: str, database_id: str = "shows", **values: Any
) -> None:
    """A workflow of pipelines of the same database; of `denoise` unless others are named."""
    refs = refs_of(*(pipelines or ("denoise",)), database_id=database_id)
    wanted = WorkflowTerms(**({"description": "Cleans plates", "pipelines": refs} | values))
    create_workflow(ledger, (database_id, workflow_id), terms=wanted, order=order())


def refs_of(*pipelines: str, database_id: str = "shows") -> tuple[PipelineRef, ...]:
    """References to pipelines of one database."""
    return tuple(PipelineRef(database_id=database_id, pipeline_id=pipeline) for pipeline in pipelines)
