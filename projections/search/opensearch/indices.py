"""The indexes of each generation on one OpenSearch, their aliases, and writing to them in bulk."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as OpenSearchConnectionError
from opensearchpy.exceptions import NotFoundError, OpenSearchException, RequestError, TransportError

from projections.search.opensearch.documents import Printed, encoded, entity_of, index_id
from projections.search.opensearch.errors import DocumentsRefused, OpenSearchRejected, OpenSearchUnavailable
from projections.search.opensearch.mapping import ASSET_FIELDS, FILE_FIELDS, SETTINGS, index_body

CREATE_SECONDS = 60.0
"""For what changes the state of a whole cluster, which a busy one takes its time to agree upon."""
PASSING_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
BUSY_PAUSES = (0.1, 0.4, 1.6)
"""Seconds between attempts for single documents that a full queue turned away."""
FIRST_REFRESH_SECONDS = 240.0
"""For all that was sent while the indexes were not refreshed."""
ENTITIES = {"ASSET": "assets", "FILE": "files"}


@dataclass(frozen=True)
class OpenSearchConfig:
    """Where OpenSearch is, and what our indexes are called there."""

    url: str
    prefix: str = "interneg"
    replicas: int = 0
    request_seconds: float = 8.0
    """Shorter than a batch may leave its transaction idle."""


class Indices:
    """Two indexes a generation, `<prefix>-assets-g<n>` and `<prefix>-files-g<n>`."""

    def __init__(self, config: OpenSearchConfig) -> None:
        self.config = config
        self.client = OpenSearch(config.url, timeout=config.request_seconds, max_retries=0)

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()

    def server_version(self) -> str:
        """The version of the service. Raises OpenSearchUnavailable, OpenSearchRejected."""
        with translated("say its version"):
            return str(self.client.info()["version"]["number"])

    def name(self, entity: str, generation: int) -> str:
        """The index that holds documents of this entity."""
        return f"{self.config.prefix}-{ENTITIES[entity]}-g{generation}"

    def names(self, generation: int) -> str:
        """Both indexes, as a search takes them."""
        return ",".join(self.name(entity, generation) for entity in ENTITIES)

    def create(self, generation: int) -> None:
        """Two empty indexes; what an earlier attempt left under their names is dropped."""
        self.drop(generation)
        for entity, fields in (("ASSET", ASSET_FIELDS), ("FILE", FILE_FIELDS)):
            with translated("create an index"):
                self._create(self.name(entity, generation), index_body(fields, replicas=self.config.replicas))

    def _create(self, name: str, body: Mapping[str, Any]) -> None:
        try:
            self.client.indices.create(index=name, body=body, params={"request_timeout": CREATE_SECONDS})
        except RequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
            # Only this generation's owner makes it: a request of ours that had timed out was carried out after all.
            raise OpenSearchUnavailable("create an index", "an earlier request for it was late") from error

    def drop(self, generation: int) -> None:
        """Remove both indexes; ones that are gone already are no error."""
        with translated("delete an index"):
            self.client.indices.delete(index=self.names(generation), params={"ignore_unavailable": "true"})

    def point_aliases(self, generation: int) -> None:
        """Let the aliases `<prefix>-assets` and `<prefix>-files` mean this generation and no other, in one step."""
        actions: list[dict[str, Any]] = []
        for entity, suffix in ENTITIES.items():
            alias = f"{self.config.prefix}-{suffix}"
            actions.append({"remove": {"index": f"{alias}-g*", "alias": alias, "must_exist": False}})
            actions.append({"add": {"index": self.name(entity, generation), "alias": alias}})
        with translated("move an alias"):
            self.client.indices.update_aliases(body={"actions": actions})

    def refresh(self, generation: int, *, seconds: float | None = None) -> None:
        """Let searches see all that was written."""
        limit = {"request_timeout": seconds or self.config.request_seconds}
        with translated("refresh an index"):
            self.client.indices.refresh(index=self.names(generation), params=limit)

    def hurry(self, generation: int) -> None:
        """Let both indexes take documents as fast as they can: nobody searches them yet, one copy is enough."""
        self._configure(generation, {"refresh_interval": "-1", "number_of_replicas": 0})

    def serve(self, generation: int) -> None:
        """Let both indexes be as they are when searched, with all that was written."""
        usual = {"refresh_interval": SETTINGS["refresh_interval"], "number_of_replicas": self.config.replicas}
        self._configure(generation, usual)
        self.refresh(generation, seconds=FIRST_REFRESH_SECONDS)

    def _configure(self, generation: int, settings: Mapping[str, Any]) -> None:
        with translated("change settings of an index"):
            self.client.indices.put_settings(index=self.names(generation), body={"index": settings})

    def write(self, rows: Sequence[Printed], *, generation: int, version: int, seconds: float | None = None) -> None:
        """Index or delete each document unless the index holds a later version of it; versions are log positions.

        Raises OpenSearchUnavailable when some could not be taken now, DocumentsRefused when some never will.
        """
        waiting = list(rows)
        for pause in (*BUSY_PAUSES, None):
            waiting = self._written(waiting, generation, version=version, seconds=seconds)
            if not waiting:
                return
            if pause is not None:
                time.sleep(pause)
        raise OpenSearchUnavailable(f"take {len(waiting)} documents", "its queue is full")

    def _written(
        self, rows: Sequence[Printed], generation: int, *, version: int, seconds: float | None
    ) -> list[Printed]:
        """Those that were turned away because the service is busy."""
        body = self.body(rows, generation, version=version)
        with translated("take documents"):
            answer = self.client.bulk(body=body, params={"request_timeout": seconds or self.config.request_seconds})
        results = [next(iter(item.values())) for item in answer["items"]]
        refused = [
            (row.document_id, _reason(result))
            for row, result in zip(rows, results, strict=True)
            if result["status"] >= 300 and result["status"] not in (404, 409, *PASSING_STATUSES)
        ]
        if refused:
            raise DocumentsRefused(refused)
        return [row for row, result in zip(rows, results, strict=True) if result["status"] in PASSING_STATUSES]

    def body(self, rows: Sequence[Printed], generation: int, *, version: int) -> bytes:
        """A bulk that indexes or deletes each of these."""
        return b"".join(line for row in rows for line in self._lines(row, generation, version=version))

    def _lines(self, row: Printed, generation: int, *, version: int) -> Iterator[bytes]:
        action = "delete" if row.entity is None else "index"
        entity = row.entity or entity_of(row.document_id)
        target = {"_index": self.name(entity, generation), "_id": index_id(row.document_id)}
        yield orjson.dumps({action: {**target, "version": version, "version_type": "external_gte"}}) + b"\n"
        if row.entity is not None:
            yield encoded(row) + b"\n"


def _reason(result: Mapping[str, Any]) -> str:
    error = result.get("error") or {}
    return str(error.get("reason") or error)


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Failures of the client as ours. NotFoundError passes: it is for the caller to know what is missing."""
    try:
        yield
    except NotFoundError:
        raise
    except OpenSearchConnectionError as error:
        raise OpenSearchUnavailable(what, error.error if error.args else error) from error
    except TransportError as error:
        kind = OpenSearchUnavailable if error.status_code in PASSING_STATUSES else OpenSearchRejected
        raise kind(what, f"{error.status_code} {error.error}") from error
    except OpenSearchException as error:
        raise OpenSearchUnavailable(what, error) from error
