"""interneg doctor: check every configured service and say what is wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing

from gateway import composition, database
from gateway.columnar import vast_prints
from gateway.embedded_postgres import running_uri
from gateway.settings import Settings
from projections.search.opensearch.projection import OpenSearchProjection


def doctor(settings: Settings, _: argparse.Namespace) -> int:
    """One line a service; 1 when any of them can't be used."""
    checks: dict[str, Callable[[Settings], str]] = {
        "database": _database,
        "objects": _objects,
        "search": _search,
        "columnar": _columnar,
    }
    failures = 0
    for name, check in checks.items():
        try:
            line = f"ok       {name}: {check(settings)}"
        except Exception as error:  # noqa: BLE001 - whatever is wrong is what the command is asked for
            failures += 1
            line = f"problem  {name}: {error}"
        sys.stdout.write(line + "\n")
    return 1 if failures else 0


def _database(settings: Settings) -> str:
    where = "PostgreSQL of INTERNEG_DATABASE_URL" if settings.database_url else "embedded PostgreSQL"
    if not settings.database_url and not running_uri(settings.data_dir / "postgres"):
        return f"{where}, not running; `interneg serve` starts it"
    with database.visitor(settings) as url, database.pool(url, size=1) as pool, pool.connection() as connection:
        version = connection.execute("SHOW server_version").fetchone()
    return f"{where} {version[0] if version else ''}"


def _search(settings: Settings) -> str:
    projection = composition.search_projection(settings)
    if not isinstance(projection, OpenSearchProjection):
        return "in PostgreSQL"
    with closing(projection.indices) as indices:
        return f"OpenSearch {indices.server_version()}, indexes {settings.opensearch_prefix}-*"


def _objects(settings: Settings) -> str:
    composition.object_store(settings, settings.public_url or "http://127.0.0.1").ensure_bucket(settings.bucket)
    where = settings.s3_endpoint_url or str(settings.data_dir / "objects")
    return f"{where}, bucket {settings.bucket}, versioned"


def _columnar(settings: Settings) -> str:
    if not settings.vastdb_endpoint:
        return f"DuckDB over Parquet in {settings.data_dir / 'columnar'}"
    return vast_prints(settings).check()
