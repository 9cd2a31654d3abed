"""What OpenSearch may answer, split by what helps.

OpenSearchUnavailable   it is away, overloaded or takes no writes: the same again, later
DocumentsRefused        it will never take these documents: an event, or our code, must be looked at
OpenSearchRejected      it understood and declined: settings or rights must be looked at
"""

from __future__ import annotations

from collections.abc import Sequence


class OpenSearchUnavailable(Exception):
    """The service does not answer, or says that it can't at the moment. Nothing is lost by waiting."""

    is_transient = True

    def __init__(self, what: str, cause: object) -> None:
        super().__init__(f"OpenSearch cannot {what} now: {cause}. It is tried again; see INTERNEG_OPENSEARCH_URL.")


class OpenSearchRejected(Exception):
    """The service declined a request, whose reason it gives."""

    def __init__(self, what: str, cause: object) -> None:
        super().__init__(f"OpenSearch does not {what}: {cause}.")


class DocumentsRefused(Exception):
    """Single documents of a bulk can't be indexed, however often they are sent."""

    def __init__(self, refusals: Sequence[tuple[str, str]]) -> None:
        shown = "; ".join(f"{document}: {reason}" for document, reason in refusals[:3])
        super().__init__(f"OpenSearch refused {len(refusals)} documents: {shown}.")
        self.refusals = tuple(refusals)
