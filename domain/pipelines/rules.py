"""What ids and terms of pipelines and workflows may look like (rules of VAMS, `vams.md` 1.11 and 1.12)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from domain.databases.database import ANY_EXTENSION, check_database_id, check_description
from domain.errors import Invalid
from domain.json import JsonValue
from domain.pipelines.built_ins import check_built_in
from domain.pipelines.errors import PipelineResourceInvalid
from domain.pipelines.events import GLOBAL, ExecutionKind, PipelineTerms, WorkflowTerms
from domain.subscriptions.errors import TargetInvalid
from domain.subscriptions.events import Channel
from domain.subscriptions.targets import DeliveryPolicy, check_target
from domain.text import check_text

ID = re.compile(r"[-_a-zA-Z0-9]{4,63}")
EXTENSION = re.compile(r"\.[a-z0-9]{1,15}")
MAX_TIMEOUT_SECONDS = 604_800
MAX_PARAMETERS_LENGTH = 65_536
MAX_STEPS = 50
MAX_EXTENSIONS = 100


@dataclass(frozen=True)
class PipelinePolicy:
    """What this server's settings allow pipelines to run."""

    python_entry_points: frozenset[str] = frozenset()
    """Names that PYTHON pipelines may have as their resource."""
    allows_local_endpoints: bool = False
    """HTTP pipelines on the server's own loopback and link-local addresses."""


def check_key(database_id: str, identity: str, *, field: str) -> None:
    """Raise Invalid for an id that a pipeline or workflow can't have."""
    if database_id != GLOBAL:
        check_database_id(database_id)
    if not ID.fullmatch(identity):
        raise Invalid(f"The {field} is 4 to 63 letters, digits, '-' or '_'; {identity[:80]!r} is not.", path=(field,))


def check_pipeline(kind: ExecutionKind, terms: PipelineTerms, *, policy: PipelinePolicy) -> None:
    """Raise PipelineResourceInvalid or Invalid for terms that can't be run."""
    check_description(terms.description)
    check_extension(terms.asset_type, field="assetType", allows_any=True)
    if terms.output_type is not None:
        check_extension(terms.output_type, field="outputType")
    _check_times(terms)
    parameters = check_parameters(terms.input_parameters)
    match kind:
        case ExecutionKind.BUILT_IN:
            check_built_in(terms, parameters)
        case ExecutionKind.PYTHON:
            _check_entry_point(terms.resource, policy)
        case ExecutionKind.HTTP:
            _check_endpoint(terms.resource, policy)
    if terms.wait_for_callback and kind is not ExecutionKind.HTTP:
        raise Invalid("Only HTTP pipelines wait for a callback.", path=("waitForCallback",))


def check_workflow(terms: WorkflowTerms) -> None:
    """Raise Invalid for terms that no workflow can have, whatever pipelines exist."""
    check_description(terms.description)
    if not 1 <= len(terms.pipelines) <= MAX_STEPS:
        raise Invalid(f"A workflow has 1 to {MAX_STEPS} pipelines, not {len(terms.pipelines)}.", path=("pipelines",))
    if len(terms.auto_trigger_extensions) > MAX_EXTENSIONS:
        raise Invalid(f"At most {MAX_EXTENSIONS} extensions can start a workflow.", path=("autoTriggerExtensions",))
    for extension in terms.auto_trigger_extensions:
        check_extension(extension, field="autoTriggerExtensions", allows_any=True)


def check_extension(extension: str, *, field: str, allows_any: bool = False) -> None:
    """Raise Invalid unless it is a dot and 1 to 15 lower-case letters or digits."""
    if extension == ANY_EXTENSION and not allows_any:
        raise Invalid(f"{field} names one extension, not {ANY_EXTENSION}.", path=(field,))
    if not EXTENSION.fullmatch(extension):
        raise Invalid(
            f"{field} is a dot and 1 to 15 lower-case letters or digits; {extension[:40]!r} is not.", path=(field,)
        )


def check_parameters(text: str) -> Mapping[str, JsonValue]:
    """The parameters in this JSON text; none for the empty text. Raises Invalid unless it is an object."""
    check_text(text, name="inputParameters", longest=MAX_PARAMETERS_LENGTH)
    if not text:
        return {}
    try:
        found = msgspec.json.decode(text.encode(), type=dict[str, JsonValue])
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid(f"The parameters are no JSON object: {error}.", path=("inputParameters",)) from error
    return found


def _check_times(terms: PipelineTerms) -> None:
    timeout, heartbeat = terms.task_timeout_seconds, terms.task_heartbeat_timeout_seconds
    if not 1 <= timeout <= MAX_TIMEOUT_SECONDS:
        raise Invalid(
            f"A pipeline has 1 to {MAX_TIMEOUT_SECONDS} seconds, not {timeout}.", path=("taskTimeoutSeconds",)
        )
    if heartbeat is not None and not 1 <= heartbeat < timeout:
        raise Invalid(
            f"The heartbeat timeout is at least 1 second and less than the {timeout} seconds of the timeout.",
            path=("taskHeartbeatTimeoutSeconds",),
        )


def _check_entry_point(resource: str, policy: PipelinePolicy) -> None:
    if resource not in policy.python_entry_points:
        raise PipelineResourceInvalid(
            f"This server does not allow the entry point {resource[:80]!r}: name it in INTERNEG_PYTHON_PIPELINES, or "
            "install a package that declares it in the group interneg.pipelines."
        )


def _check_endpoint(resource: str, policy: PipelinePolicy) -> None:
    try:
        allowed = DeliveryPolicy(allows_local_webhooks=policy.allows_local_endpoints)
        check_target(Channel.WEBHOOK, resource, policy=allowed)
    except TargetInvalid as error:
        raise PipelineResourceInvalid(error.message) from error
