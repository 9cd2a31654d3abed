"""Calls the endpoint of an HTTP pipeline: a signed POST of the payload, and what its answer says."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from domain.executions.execution import Attempt, Execution
from domain.pipelines.events import PipelineTerms
from processors.notifications.errors import DeliveryFailed
from processors.notifications.signing import SigningKeys, signed_headers
from processors.notifications.webhook import WebhookSender
from processors.objects.store import ObjectStore
from processors.workflows.errors import EndpointFailed, StepFailed

CALLBACKS_PATH = "/callbacks/workflows"
"""Where the gateway answers the callbacks of endpoints, below its public URL."""
MAX_URL_SECONDS = 7 * 86_400
MAX_ANSWER_BYTES = 16 << 20
MAX_ANSWER_SECONDS = 900
"""Longer work has to call back."""


@dataclass(frozen=True)
class CallbackTokens:
    """Makes the secret part of each attempt's callback URL, so that none is stored."""

    server_secret: bytes

    def token(self, execution_id: str, at: Attempt) -> str:
        """64 hexadecimal digits."""
        name = f"workflow-callback:{execution_id}:{at.attempt}:{at.step}".encode()
        return hmac.digest(self.server_secret, name, "sha256").hex()

    def fits(self, token: str, execution_id: str, at: Attempt) -> bool:
        """Whether it is the token of this attempt, told in constant time."""
        return hmac.compare_digest(token.encode(), self.token(execution_id, at).encode())


@dataclass(frozen=True)
class EndpointCaller:
    """Calls endpoints that may be slow, dead or hostile."""

    sender: WebhookSender
    keys: SigningKeys
    tokens: CallbackTokens
    objects: ObjectStore
    public_url: str
    """Where endpoints reach the callbacks; empty in a process that does not know."""

    def call(self, execution: Execution, payload: dict[str, Any]) -> bytes:
        """The body of the endpoint's answer. Raises EndpointFailed to be tried again, StepFailed for good."""
        step, at = execution.step, execution.next
        assert step is not None
        body = msgspec.json.encode({**payload, **self._ways_back(execution, step.terms.task_timeout_seconds)})
        secret = self.keys.secret(pipeline_name(step.database_id, step.pipeline_id), step.terms.secret_generation)
        message_id = f"{execution.request.execution_id}.{at.attempt}.{at.step}"
        signed = signed_headers(secret, message_id, timestamp=int(time.time()), body=body)
        headers = {"content-type": "application/json", "user-agent": "interneg-workflow", **signed}
        try:
            status, answer = self._patient(step.terms).exchange(
                step.terms.resource, body, headers, most=MAX_ANSWER_BYTES
            )
        except DeliveryFailed as error:
            raise EndpointFailed(str(error)) from error
        if 200 <= status < 300:
            return answer
        said = answer[:500].decode(errors="replace")
        message = f"The endpoint answered with status {status}; redirects are not followed. {said}".strip()
        if status in (408, 425, 429) or status >= 500:
            raise EndpointFailed(message)
        raise StepFailed("ENDPOINT_REFUSED", message)

    def _patient(self, terms: PipelineTerms) -> WebhookSender:
        """An endpoint that will call back takes its work on quickly; another answers when it is done."""
        if terms.wait_for_callback:
            return self.sender
        return replace(self.sender, timeout_seconds=min(terms.task_timeout_seconds, MAX_ANSWER_SECONDS))

    def _ways_back(self, execution: Execution, timeout_seconds: int) -> dict[str, Any]:
        """How to read the inputs and how to answer."""
        if not self.public_url:
            raise StepFailed(
                "PUBLIC_URL_MISSING", "Endpoints could not answer: set INTERNEG_PUBLIC_URL where steps are run."
            )
        at, seconds = execution.next, min(max(timeout_seconds, 60), MAX_URL_SECONDS)
        execution_id = execution.request.execution_id
        token = self.tokens.token(execution_id, at)
        back = f"{self.public_url.rstrip('/')}{CALLBACKS_PATH}/{execution_id}/{at.attempt}/{at.step}/{token}"
        urls = {
            file.path: self.objects.sign_download(
                file.stored.s3_bucket,
                file.stored.s3_key,
                version_id=file.stored.s3_version_id,
                expires_seconds=seconds,
                file_name=None,
            )
            for file in execution.inputs
        }
        return {"callbackUrl": back, "uploadsUrl": f"{back}/uploads", "inputUrls": urls}


def pipeline_name(database_id: str, pipeline_id: str) -> str:
    """What a pipeline's signing secrets are made for."""
    return f"pipeline:{database_id}:{pipeline_id}"
