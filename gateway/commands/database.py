"""interneg db url."""

from __future__ import annotations

import argparse
import sys

from gateway import embedded_postgres
from gateway.settings import Settings


def url(settings: Settings, _: argparse.Namespace) -> int:
    """Write where SQL tools can connect; 1 while the embedded database is not running."""
    found = settings.database_url or embedded_postgres.running_uri(settings.data_dir / "postgres")
    if not found:
        sys.stderr.write("interneg: the embedded database is not running: start `interneg serve`.\n")
        return 1
    sys.stdout.write(f"{found}\n")
    return 0
