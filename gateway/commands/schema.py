"""interneg schema print."""

from __future__ import annotations

import argparse
import sys

from gateway.schema import build_schema
from gateway.settings import Settings


def print_schema(_: Settings, __: argparse.Namespace) -> int:
    """Write the schema as SDL; needs no service."""
    sys.stdout.write(build_schema().as_str() + "\n")
    return 0
