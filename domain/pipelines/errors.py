"""Refusals about pipelines and workflows."""

from __future__ import annotations

from domain.errors import AlreadyExists, Conflict, Invalid, NotFound


class PipelineNotFound(NotFound):
    """No such pipeline exists."""

    def __init__(self, database_id: str, pipeline_id: str, *, path: tuple[str, ...] = ("pipelineId",)) -> None:
        super().__init__("pipeline", f"{database_id}/{pipeline_id}", path=path)


class PipelineAlreadyExists(AlreadyExists):
    """The database has such a pipeline, or the id is taken across GLOBAL and the databases."""

    def __init__(self, pipeline_id: str, *, owner: str) -> None:
        super().__init__(
            f"There is already a pipeline {pipeline_id!r} in {owner}: an id is GLOBAL's or the databases', never both.",
            path=("pipelineId",),
        )


class PipelineInUse(Conflict):
    """Workflows still run the pipeline."""

    def __init__(self, pipeline_id: str, workflows: list[str]) -> None:
        shown = ", ".join(workflows[:5]) + (", …" if len(workflows) > 5 else "")
        super().__init__(
            f"The pipeline {pipeline_id!r} is used by the workflows {shown}: change or delete them first.",
            path=("pipelineId",),
        )
        self.workflows = workflows


class PipelineDisabled(Conflict):
    """The workflow runs a pipeline that is switched off."""

    def __init__(self, database_id: str, pipeline_id: str) -> None:
        super().__init__(
            f"The pipeline {database_id}/{pipeline_id} is disabled: enable it with updatePipeline.",
            path=("workflowId",),
        )


class PipelineOutOfScope(Conflict):
    """A workflow may not run the pipeline of another database."""

    def __init__(self, workflow_database_id: str, pipeline_database_id: str, *, path: tuple[str, ...]) -> None:
        super().__init__(
            f"A workflow of {workflow_database_id} runs pipelines of GLOBAL"
            f"{'' if workflow_database_id == 'GLOBAL' else ' and its own'}, not of {pipeline_database_id}.",
            path=path,
        )


class PipelineResourceInvalid(Invalid):
    """There is nothing to run under that name, or it may not be run."""

    def __init__(self, message: str, *, field: str = "resource") -> None:
        super().__init__(message, path=(field,))


class WorkflowNotFound(NotFound):
    """No such workflow exists."""

    def __init__(self, database_id: str, workflow_id: str) -> None:
        super().__init__("workflow", f"{database_id}/{workflow_id}", path=("workflowId",))


class WorkflowAlreadyExists(AlreadyExists):
    """The database has a workflow of this id."""

    def __init__(self, database_id: str, workflow_id: str) -> None:
        super().__init__(f"There is already a workflow {workflow_id!r} in {database_id}.", path=("workflowId",))
