"""A request as it was read from the connection, and the answer to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, unquote


@dataclass(frozen=True)
class Request:
    """One request. Header names are in lower case; `raw_path` and `raw_query` are as they were sent."""

    method: str
    raw_path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def path_parts(self) -> tuple[str, ...]:
        """The path without its slashes, unescaped."""
        return tuple(unquote(part) for part in self.raw_path.split("/") if part)

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The query string; a bare key has the empty string."""
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    @property
    def command(self) -> str:
        """The first key of the query string where it is bare, otherwise the empty string."""
        first = self.raw_query.split("&", 1)[0]
        return "" if "=" in first else first

    def flag(self, header: str) -> bool:
        """Whether a boolean header is set; the SDK writes `True` and `true`."""
        return self.headers.get(header, "").lower() == "true"


@dataclass(frozen=True)
class Response:
    """An answer. A body given as an iterator is sent as one HTTP chunk for each of its items."""

    status: int = 200
    body: bytes | Iterator[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)
