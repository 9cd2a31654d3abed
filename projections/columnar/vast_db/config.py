"""Which cluster, bucket and schema a store works in, and as whom."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ENDPOINT = re.compile(r"https?://[^/\s]+/?")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", re.ASCII)


@dataclass(frozen=True, slots=True)
class VastDBConfig:
    """An existing bucket of a VAST cluster, and the schema in it that holds the tables; it is made when needed."""

    endpoint: str
    access_key: str
    secret_key: str = field(repr=False)
    bucket: str
    schema: str
    timeout_seconds: float = 60.0
    """How long one request may take before the cluster counts as unavailable."""
    attempt_seconds: float = 30.0
    """How long a read is repeated whose connection breaks, and any request that the cluster puts off."""
    threads: int = 2
    """Requests of one read that run at the same time."""

    def __post_init__(self) -> None:
        if not _ENDPOINT.fullmatch(self.endpoint):
            raise ValueError(f"the VAST DB endpoint {self.endpoint!r} is not http://host[:port] or https://host[:port]")
        for kind in ("bucket", "schema"):
            name = getattr(self, kind)
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} is not a {kind} name: 1 to 128 ASCII letters, digits and '_', '.', '-'")
        object.__setattr__(self, "endpoint", self.endpoint.rstrip("/"))

    def __str__(self) -> str:
        return f"{self.endpoint}/{self.bucket}/{self.schema}"
