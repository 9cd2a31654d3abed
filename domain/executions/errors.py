"""Refusals about executions of workflows."""

from __future__ import annotations

from domain.errors import Conflict, Invalid, NotFound


class WorkflowExecutionNotFound(NotFound):
    """No execution has this id."""

    def __init__(self, execution_id: str) -> None:
        super().__init__("workflow execution", execution_id, path=("executionId",))


class WorkflowAlreadyRunning(Conflict):
    """The workflow runs over the file, or the asset, already."""

    def __init__(self, workflow_id: str, execution_id: str, *, path: tuple[str, ...]) -> None:
        super().__init__(
            f"The workflow {workflow_id!r} runs over it already, as execution {execution_id}: wait or cancel that one.",
            path=path,
        )
        self.execution_id = execution_id


class WorkflowOutOfScope(Conflict):
    """The workflow belongs to another database than the asset."""

    def __init__(self, workflow_database_id: str, database_id: str) -> None:
        super().__init__(
            f"Assets of {database_id} take workflows of GLOBAL and their own, not of {workflow_database_id}.",
            path=("workflowDatabaseId",),
        )


class WorkflowInputRefused(Conflict):
    """The first pipeline of the workflow takes other files."""

    def __init__(self, pipeline_id: str, asset_type: str, *, path: tuple[str, ...]) -> None:
        super().__init__(f"The pipeline {pipeline_id!r} takes {asset_type} files.", path=path)


class WorkflowExecutionEnded(Conflict):
    """There is nothing left to cancel."""

    def __init__(self, execution_id: str, state: str) -> None:
        super().__init__(f"The execution {execution_id} has ended: it is {state}.", path=("executionId",))


class WorkflowExecutionNotRetriable(Conflict):
    """It runs, or it succeeded."""

    def __init__(self, execution_id: str, state: str) -> None:
        super().__init__(
            f"The execution {execution_id} is {state}: FAILED, TIMED_OUT and ABORTED ones can be retried.",
            path=("executionId",),
        )


class OutputInvalid(Invalid):
    """An output of a pipeline breaks a rule; the execution fails with this, naming it."""

    def __init__(self, name: str, fault: str) -> None:
        super().__init__(f"The output {name!r} {fault}.", path=("outputs", name))
