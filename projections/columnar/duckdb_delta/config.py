"""Where the tables live: a local directory or an S3 prefix, and how to reach it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.fs as pafs

_S3_ROOT = re.compile(r"s3://[A-Za-z0-9.-]+(/[A-Za-z0-9._-]+)*", re.ASCII)
"""Other characters are escaped differently by the clients that read the log and the files."""


@dataclass(frozen=True, slots=True)
class DuckDBParquetConfig:
    """The root of a store: a directory, or s3://bucket/prefix with its endpoint and credentials.

    Without credentials an S3 root is read from nowhere: no environment variable and no instance metadata is
    consulted. threads bounds the threads of a query and of a write; None takes one per processor.
    """

    root: str | os.PathLike[str]
    s3_endpoint: str | None = None
    """host[:port], with or without a scheme; None is AWS."""
    s3_access_key: str | None = None
    s3_secret_key: str | None = field(default=None, repr=False)
    s3_use_ssl: bool = True
    threads: int | None = None
    s3_session_token: str | None = field(default=None, repr=False)
    s3_region: str = "us-east-1"
    s3_path_style: bool = True
    s3_timeout_seconds: float = 10.0
    """How long one request to S3, retries included, may take before the storage counts as unavailable."""

    def __post_init__(self) -> None:
        root = os.fspath(self.root).rstrip("/")
        if not root or root == "s3:":
            raise ValueError("root is a directory or s3://bucket/prefix; it is empty")
        if root.startswith("s3://") and not _S3_ROOT.fullmatch(root):
            raise ValueError(f"root {root!r}: a bucket and prefix of ASCII letters, digits and ._-/ only")
        if "%" in root:
            # The Delta library unescapes a part of its own paths.
            raise ValueError(f"root {root!r} contains '%', which the Delta log cannot have in its path")
        object.__setattr__(self, "root", root)

    @property
    def is_s3(self) -> bool:
        return str(self.root).startswith("s3://")


class Storage:
    """Addresses of the tables below the root, for the Delta log and for file access; opens nothing."""

    def __init__(self, config: DuckDBParquetConfig) -> None:
        self.is_local = not config.is_s3
        self._config = config
        self._root = str(config.root) if config.is_s3 else str(Path(config.root).absolute())
        self._filesystem: pafs.FileSystem | None = None

    def __str__(self) -> str:
        return self._root

    @property
    def root(self) -> str:
        """The absolute local directory or the s3:// address, without a trailing slash."""
        return self._root

    def table_uri(self, table: str) -> str:
        """The address of the table as the Delta log takes it."""
        return f"{self._root}/{table}"

    def path(self, table: str, file: str = "") -> str:
        """The address of a file of the table as the file system takes it: no scheme."""
        base = f"{self._root}/{table}".removeprefix("s3://")
        return f"{base}/{file}" if file else base

    @property
    def filesystem(self) -> pafs.FileSystem:
        """The file system for Parquet bytes, made on first use."""
        if self._filesystem is None:
            self._filesystem = pafs.LocalFileSystem() if self.is_local else self._s3()
        return self._filesystem

    @property
    def delta_options(self) -> dict[str, str] | None:
        """Storage options of the Delta log; None for local tables."""
        if self.is_local:
            return None
        config = self._config
        options = {
            "aws_access_key_id": config.s3_access_key or "",
            "aws_secret_access_key": config.s3_secret_key or "",
            "aws_region": config.s3_region,
            "aws_virtual_hosted_style_request": str(not config.s3_path_style).lower(),
            "aws_allow_http": str(not config.s3_use_ssl).lower(),
            # A commit is a put that must create its object, which S3 and its look-alikes decide atomically.
            "aws_conditional_put": "etag",
            "retry_timeout": f"{config.s3_timeout_seconds}s",
            "timeout": f"{config.s3_timeout_seconds}s",
            "connect_timeout": f"{config.s3_timeout_seconds}s",
        }
        if config.s3_session_token:
            options["aws_session_token"] = config.s3_session_token
        if config.s3_endpoint:
            options["aws_endpoint"] = f"{self._scheme}://{self._host}"
        return options

    @property
    def _scheme(self) -> str:
        return "https" if self._config.s3_use_ssl else "http"

    @property
    def _host(self) -> str:
        return (self._config.s3_endpoint or "").split("://")[-1]

    def _s3(self) -> pafs.S3FileSystem:
        config = self._config
        return pafs.S3FileSystem(
            access_key=config.s3_access_key,
            secret_key=config.s3_secret_key,
            session_token=config.s3_session_token,
            region=config.s3_region,
            scheme=self._scheme,
            endpoint_override=self._host or None,
            force_virtual_addressing=not config.s3_path_style,
            connect_timeout=config.s3_timeout_seconds,
            request_timeout=config.s3_timeout_seconds,
        )
