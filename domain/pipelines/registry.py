"""The registry: every pipeline and workflow of the library, in one stream, as its rules are about all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.cause import Order
from domain.errors import RevisionMismatch
from domain.ledger import Ledger
from domain.pipelines.errors import (
    PipelineAlreadyExists,
    PipelineInUse,
    PipelineNotFound,
    PipelineOutOfScope,
    WorkflowAlreadyExists,
    WorkflowNotFound,
)
from domain.pipelines.events import (
    GLOBAL,
    ExecutionKind,
    PipelineCreated,
    PipelineDeleted,
    PipelineEvent,
    PipelineRedefined,
    PipelineTerms,
    WorkflowCreated,
    WorkflowDeleted,
    WorkflowEvent,
    WorkflowRedefined,
    WorkflowTerms,
)
from domain.stream import Aggregate, Stream

Key = tuple[str, str]
"""A database id, or GLOBAL, and the id of a pipeline or workflow in it."""


@dataclass(frozen=True)
class Pipeline:
    """A pipeline that exists."""

    execution_kind: ExecutionKind
    terms: PipelineTerms
    revision: int = 1
    """The number of its own events since it was created."""


@dataclass(frozen=True)
class Workflow:
    """A workflow that exists."""

    terms: WorkflowTerms
    revision: int = 1

    def uses(self, pipeline: Key) -> bool:
        """Whether a step of it runs the pipeline."""
        return any((ref.database_id, ref.pipeline_id) == pipeline for ref in self.terms.pipelines)


@dataclass(frozen=True)
class Registry:
    """All pipelines and workflows that are not deleted."""

    pipelines: Mapping[Key, Pipeline] = field(default_factory=dict)
    workflows: Mapping[Key, Workflow] = field(default_factory=dict)

    def pipeline(self, key: Key, *, path: tuple[str, ...] = ("pipelineId",)) -> Pipeline:
        """Raises PipelineNotFound."""
        if key not in self.pipelines:
            raise PipelineNotFound(*key, path=path)
        return self.pipelines[key]

    def workflow(self, key: Key) -> Workflow:
        """Raises WorkflowNotFound."""
        if key not in self.workflows:
            raise WorkflowNotFound(*key)
        return self.workflows[key]

    def require_free_pipeline(self, key: Key) -> None:
        """Raises PipelineAlreadyExists, also where GLOBAL and a database would have the same id."""
        database_id, pipeline_id = key
        for owner, taken in self.pipelines:
            if taken == pipeline_id and (owner == database_id or GLOBAL in (owner, database_id)):
                raise PipelineAlreadyExists(pipeline_id, owner=owner)

    def require_free_workflow(self, key: Key) -> None:
        """Raises WorkflowAlreadyExists."""
        if key in self.workflows:
            raise WorkflowAlreadyExists(*key)

    def require_unused(self, pipeline: Key) -> None:
        """Raises PipelineInUse."""
        users = [f"{key[0]}/{key[1]}" for key, workflow in self.workflows.items() if workflow.uses(pipeline)]
        if users:
            raise PipelineInUse(pipeline[1], users)

    def require_usable(self, database_id: str, terms: WorkflowTerms) -> None:
        """Raise PipelineOutOfScope or PipelineNotFound for a pipeline that a workflow there can't run."""
        for index, ref in enumerate(terms.pipelines):
            path = ("pipelines", str(index))
            if ref.database_id not in (GLOBAL, database_id):
                raise PipelineOutOfScope(database_id, ref.database_id, path=path)
            self.pipeline((ref.database_id, ref.pipeline_id), path=path)

    def held_by(self, database_id: str) -> tuple[int, int]:
        """How many pipelines and how many workflows the database has."""
        return _count(self.pipelines, database_id), _count(self.workflows, database_id)


def load_registry(ledger: Ledger) -> tuple[Stream[Registry], Registry]:
    """The registry and its stream; there is always one, at first empty."""
    stream = ledger.load(REGISTRY)
    return stream, stream.state or Registry()


def expect(order: Order, revision: int) -> None:
    """Raise RevisionMismatch unless the order accepts this revision of a pipeline or workflow."""
    if order.expected_revision is not None and order.expected_revision != revision:
        raise RevisionMismatch(expected=order.expected_revision, actual=revision)


def evolve(registry: Registry | None, event: PipelineEvent | WorkflowEvent) -> Registry:
    """The registry after the event."""
    before = registry or Registry()
    if isinstance(event, PipelineEvent):
        return replace(before, pipelines=_pipelines(before.pipelines, event))
    return replace(before, workflows=_workflows(before.workflows, event))


def _pipelines(pipelines: Mapping[Key, Pipeline], event: PipelineEvent) -> Mapping[Key, Pipeline]:
    key = (event.database_id, event.pipeline_id)
    match event:
        case PipelineCreated():
            return {**pipelines, key: Pipeline(event.execution_kind, event.terms)}
        case PipelineRedefined():
            old = pipelines[key]
            return {**pipelines, key: replace(old, terms=event.terms, revision=old.revision + 1)}
        case PipelineDeleted():
            return {other: pipeline for other, pipeline in pipelines.items() if other != key}
    raise TypeError(f"{type(event).__name__} is not an event of a pipeline")


def _workflows(workflows: Mapping[Key, Workflow], event: WorkflowEvent) -> Mapping[Key, Workflow]:
    key = (event.database_id, event.workflow_id)
    match event:
        case WorkflowCreated():
            return {**workflows, key: Workflow(event.terms)}
        case WorkflowRedefined():
            old = workflows[key]
            return {**workflows, key: replace(old, terms=event.terms, revision=old.revision + 1)}
        case WorkflowDeleted():
            return {other: workflow for other, workflow in workflows.items() if other != key}
    raise TypeError(f"{type(event).__name__} is not an event of a workflow")


def _count(keys: Mapping[Key, object], database_id: str) -> int:
    return sum(owner == database_id for owner, _ in keys)


REGISTRY = Aggregate("pipeline-registry", evolve, is_kept=True)
