"""Chooses the media type of a response from the Accept header, as GraphQL over HTTP and RFC 9110 ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

RESPONSE_JSON: Final = "application/graphql-response+json"
PLAIN_JSON: Final = "application/json"
EVENT_STREAM: Final = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How much the client wants each offered type, from 0 (not at all) to 1."""

    response_json: float
    plain_json: float
    event_stream: float

    @property
    def json_type(self) -> str | None:
        """The better of the JSON types; None when neither is acceptable."""
        if max(self.response_json, self.plain_json) == 0:
            return None
        return RESPONSE_JSON if self.response_json >= self.plain_json else PLAIN_JSON

    @property
    def prefers_event_stream(self) -> bool:
        """Whether a query's answer should be streamed.

        Clients such as urql list the event stream after the JSON types on every query, so being listed is not
        enough: it must be wanted more than any JSON type.
        """
        return self.event_stream > max(self.response_json, self.plain_json)

    @property
    def allows_event_stream(self) -> bool:
        """Whether a subscription may be answered; JSON cannot carry one."""
        return self.event_stream > 0


def parse_accept(header: str | None) -> Acceptance:
    """Read an Accept header; None or an empty one accepts plain JSON, which is what older clients expect."""
    ranges = _ranges(header or "")
    if not ranges:
        return Acceptance(response_json=0, plain_json=1, event_stream=0)
    # A wildcard means plain JSON: clients that know the newer type name it.
    wildcard = max(ranges.get("application/*", 0.0), ranges.get("*/*", 0.0))
    return Acceptance(
        response_json=ranges.get(RESPONSE_JSON, 0.0),
        plain_json=ranges.get(PLAIN_JSON, wildcard),
        event_stream=ranges.get(EVENT_STREAM, 0.0),
    )


def _ranges(header: str) -> dict[str, float]:
    ranges: dict[str, float] = {}
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if name:
            ranges[name] = max(ranges.get(name, 0.0), _quality(parameters))
    return ranges


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
