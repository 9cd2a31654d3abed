"""Settings: every INTERNEG_ variable, typed, read once. This module is the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

PREFIX = "INTERNEG_"
T = TypeVar("T")


class SettingInvalid(Exception):
    """An environment variable has a value that can't be used."""

    def __init__(self, variable: str, value: str, expected: str) -> None:
        super().__init__(f"{variable} is {value!r}; it must be {expected}.")


def _text(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    choices = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
    return choices[value.lower()]


def _count(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError(value)
    return number


def _whole(value: str) -> int:
    return _within(int(value), 0, 2**31)


def _parts(value: str) -> int:
    return _within(int(value), 1, 10_000)


def _part_bytes(value: str) -> int:
    return _within(int(value), 5 << 20, 5 << 30)


def _within(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise ValueError(number)
    return number


def _seconds(value: str) -> float:
    number = float(value)
    if not 0 <= number < float("inf"):
        raise ValueError(value)
    return number


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


_EXPECTED: dict[Callable[[str], Any], str] = {
    _text: "text",
    Path: "a path",
    _flag: "1 or 0",
    _count: "a whole number from 1",
    _whole: "a whole number from 0",
    _parts: "a whole number from 1 to 10000, as S3 takes no more parts",
    _part_bytes: "a number of bytes from 5242880 to 5368709120, as S3 has it",
    _seconds: "a number of seconds from 0",
    _list: "names separated by commas",
}


def _setting(default: T, cast_from: Callable[[str], T], description: str, *, is_secret: bool = False) -> T:
    metadata = {"cast": cast_from, "description": description, "is_secret": is_secret}
    spec: T = field(default=default, metadata=metadata, repr=not is_secret)
    return spec


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What can be configured. The variable of a field is INTERNEG_ and its name in capitals."""

    data_dir: Path = _setting(Path("./.interneg"), Path, "Directory that holds everything the embedded mode writes.")
    database_url: str = _setting("", _text, "PostgreSQL to use in place of the embedded one.", is_secret=True)
    s3_endpoint_url: str = _setting("", _text, "S3 endpoint to use in place of the local object store.")
    s3_access_key: str = _setting("", _text, "Access key of the S3 endpoint.", is_secret=True)
    s3_secret_key: str = _setting("", _text, "Secret key of the S3 endpoint.", is_secret=True)
    s3_region: str = _setting("us-east-1", _text, "Region of the S3 endpoint.")
    s3_public_endpoint_url: str = _setting("", _text, "Endpoint that clients reach S3 by, when it is another.")
    vastdb_endpoint: str = _setting("", _text, "VAST DB to keep the columnar tables in, in place of data_dir.")
    vastdb_bucket: str = _setting("", _text, "Bucket of VAST DB; it must be there.")
    vastdb_schema: str = _setting("interneg", _text, "Schema of VAST DB; others of that name with _g and a number too.")
    vastdb_access_key: str = _setting("", _text, "Access key of VAST DB.", is_secret=True)
    vastdb_secret_key: str = _setting("", _text, "Secret key of VAST DB.", is_secret=True)
    opensearch_url: str = _setting(
        "", _text, "OpenSearch to search with in place of PostgreSQL; may hold user and password.", is_secret=True
    )
    opensearch_prefix: str = _setting(
        "interneg", _text, "What the names of indexes and aliases in OpenSearch begin with."
    )
    opensearch_replicas: int = _setting(0, _whole, "Copies that OpenSearch keeps of each index beside the first.")
    bucket: str = _setting("assets", _text, "Bucket that new databases use unless they name another.")
    public_url: str = _setting("", _text, "URL that clients reach this server by; empty takes host and port.")
    api_key: str = _setting(
        "", _text, "Key that clients must send as a bearer token; needed beyond loopback.", is_secret=True
    )
    allowed_origins: tuple[str, ...] = _setting((), _list, "Origins of web pages that may call the server.")
    graphiql: bool = _setting(True, _flag, "Serve GraphiQL at /graphiql.")
    command_threads: int = _setting(32, _count, "Commands that run at the same time.")
    read_connections: int = _setting(8, _count, "Database connections for reads.")
    media_jobs: int = _setting(2, _count, "Media jobs that run at the same time in one process.")
    workflow_jobs: int = _setting(4, _count, "Steps of workflows that run at the same time in one process.")
    python_pipelines: tuple[str, ...] = _setting(
        (), _list, "Functions that PYTHON pipelines may run, as module:function, beside those that packages declare."
    )
    pipeline_memory_mib: int = _setting(2048, _count, "Memory in MiB that a PYTHON pipeline may use.")
    delivery_jobs: int = _setting(8, _count, "Notifications that are delivered at the same time in one process.")
    local_webhooks: bool = _setting(
        False, _flag, "Allow webhooks and HTTP pipelines on the server's own loopback and link-local addresses."
    )
    webhook_secret: str = _setting(
        "", _text, "What webhooks are signed from; the same on all hosts. Empty keeps one in data_dir.", is_secret=True
    )
    smtp_url: str = _setting(
        "", _text, "smtp://, smtp+starttls:// or smtps:// server for mail; empty sends none.", is_secret=True
    )
    mail_from: str = _setting("interneg@localhost", _text, "Address that mail comes from.")
    s3_events_token: str = _setting(
        "", _text, "What senders of bucket notifications show or sign with; empty takes none.", is_secret=True
    )
    s3_events_max_records: int = _setting(10_000, _count, "Records in one request to /events/s3.")
    s3_events_max_bytes: int = _setting(16 << 20, _count, "Bytes of one request to /events/s3.")
    drain_seconds: float = _setting(
        0.0, _seconds, "How long a gateway that is told to stop says so at /readyz and serves on, for its balancer."
    )
    read_wait_seconds: float = _setting(5.0, _seconds, "How long a mutation or atLeast waits for reads to catch up.")
    statement_seconds: float = _setting(30.0, _seconds, "How long one read may take.")
    upload_lifetime_seconds: float = _setting(7 * 86400.0, _seconds, "How long an upload can be completed.")
    upload_max_files: int = _setting(10_000, _count, "Files in one upload.")
    upload_max_bytes: int = _setting(100 << 40, _count, "Bytes of all files of one upload.")
    upload_max_file_bytes: int = _setting(
        10_000 * (5 << 30), _count, "Bytes of one uploaded file; no more parts of any size fit in S3."
    )
    upload_max_parts: int = _setting(10_000, _parts, "Parts of one uploaded file.")
    upload_part_bytes: int = _setting(64 << 20, _part_bytes, "Bytes of an upload part, unless the client chooses.")
    metadata_entries: int = _setting(
        500, _count, "Metadata entries that one database, asset, file or link may hold; attributes count apart."
    )
    part_url_seconds: int = _setting(3600, _count, "How long the signed request of an upload part is good.")


def read_settings(environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Settings from INTERNEG_ variables; `given` values win. Raises SettingInvalid, which names the variable."""
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    known = {PREFIX + spec.name.upper(): spec for spec in fields(Settings)}
    for variable, text in environment.items():
        if variable in known:
            spec = known[variable]
            values[spec.name] = _read(variable, text, spec.metadata["cast"])
    return Settings(**{**values, **{name: value for name, value in given.items() if value is not None}})


def service_manager_socket(environment: Mapping[str, str] | None = None) -> str:
    """Where a service manager such as systemd wants to be told that this process is ready; empty when none does."""
    return (os.environ if environment is None else environment).get("NOTIFY_SOCKET", "")


def _read(variable: str, text: str, cast_from: Callable[[str], Any]) -> Any:
    try:
        return cast_from(text)
    except (ValueError, KeyError) as error:
        raise SettingInvalid(variable, text, _EXPECTED[cast_from]) from error
