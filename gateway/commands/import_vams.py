"""interneg import vams: bring in a VAMS installation from exports of its tables."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg

from domain.cause import ActorKind, Cause
from domain.rehearsal import Rehearsal
from gateway import composition, database
from gateway.settings import Settings
from processors.vams_import.report import Entry, Report, as_json, as_line
from processors.vams_import.run import import_vams
from processors.vams_import.session import AndOr, DanglingTags, Rules

RULES: dict[str, type[AndOr] | type[DanglingTags]] = {"and-or": AndOr, "dangling-tags": DanglingTags}


RULES_HELP = (
    "what to do where VAMS leaves a choice: and-or=alternatives (as VAMS 2.5 reads constraints with criteria of both "
    "kinds) or and-or=all (as 2.6 does), and dangling-tags=drop or dangling-tags=create"
)
DONE_WITH_PROBLEMS = 3


class RuleUnknown(ValueError):
    """A --rule names nothing that there is to choose."""

    def __init__(self, rule: str) -> None:
        known = ", ".join(f"{name}={'|'.join(choices)}" for name, choices in RULES.items())
        super().__init__(f"There is no rule {rule!r}: give {known}.")


def vams(settings: Settings, arguments: argparse.Namespace) -> int:
    """Import, or say what an import would do; 3 when rows were not imported. Raises RuleUnknown, NothingToImport."""
    chosen = rules(arguments.rule)
    with (
        database.visitor(settings) as database_url,
        composition.parts(settings, database_url, public_url=settings.public_url) as parts,
        psycopg.connect(database_url, autocommit=True) as connection,
        _told(arguments.report) as sink,
    ):
        ledger = Rehearsal(parts.log.ledger) if arguments.dry_run else parts.log.ledger
        policy = Rules(chosen.and_or, chosen.dangling_tags, parts.deliveries.policy)
        cause = Cause(
            actor_kind=ActorKind.SYSTEM, actor_id="import", correlation_id=f"import-{uuid4()}", at=datetime.now(UTC)
        )
        objects = parts.objects if arguments.verify_objects else None
        report = import_vams(
            ledger, connection, arguments.directory, rules=policy, cause=cause, sink=sink, objects=objects
        )
    if arguments.report:
        with arguments.report.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"summary": report.summary(), "dryRun": arguments.dry_run}) + "\n")
    sys.stdout.write(told(report, is_rehearsed=arguments.dry_run))
    return DONE_WITH_PROBLEMS if report.not_imported else 0


def rules(given: list[str]) -> Rules:
    """The choices of `--rule name=choice`. Raises RuleUnknown."""
    found: dict[str, AndOr | DanglingTags] = {}
    for rule in given:
        name, _, choice = rule.partition("=")
        try:
            found[name] = RULES[name](choice)
        except (KeyError, ValueError):
            raise RuleUnknown(rule) from None
    and_or, tags = found.get("and-or"), found.get("dangling-tags", DanglingTags.DROP)
    return Rules(and_or if isinstance(and_or, AndOr) else None, DanglingTags(tags))


def told(report: Report, *, is_rehearsed: bool) -> str:
    """The counts, for people."""
    verb = "would record" if is_rehearsed else "recorded"
    lines = [f"{'table':<40} {'rows':>8} {'changes':>8} {'not imported':>13}"]
    for table, counts in report.summary()["tables"].items():
        lines.append(f"{table:<40} {counts['read']:>8} {counts['changes']:>8} {counts['notImported']:>13}")
    return "\n".join([*lines, f"The import {verb} {report.recorded} events.\n"])


@contextmanager
def _told(path: Path | None) -> Iterator[Callable[[Entry], None]]:
    """A line for each row that was changed or left out: to the report's file as JSON, or else to standard error."""
    if path is None:
        yield lambda entry: _write_line(entry)
        return
    with path.open("w", encoding="utf-8") as file:

        def write(entry: Entry) -> None:
            file.write(json.dumps(as_json(entry)) + "\n")

        yield write


def _write_line(entry: Entry) -> None:
    sys.stderr.write(as_line(entry) + "\n")
