"""Watches the tests' GraphQL client: what each test asked for, how it ended, and what the log holds of that request.

A command that was refused and recorded something fails its test. What was seen of the rest becomes the table of
operations and tests in tests/OPERATIONS.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx
import pytest
from graphql import DocumentNode, FieldNode, FragmentDefinitionNode, OperationDefinitionNode, OperationType, parse

from tests.gateway.recording import recorded_by
from tests.operations import report
from tests.system.client import WATCHERS, Answered, Client

DONE = "done"
ENOUGH = 20
"""How many commands of one kind are looked up for one test, where they were carried out."""


@dataclass(frozen=True)
class Command:
    """A mutation that a test gave."""

    client: Client
    field: str
    outcome: str
    request_id: str


@dataclass
class Observations:
    """What the tests of this run showed: by field and outcome, the tests that passed and showed it."""

    shown: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    ran: set[str] = field(default_factory=set)
    """Every test that passed, whatever it showed."""
    _commands: list[Command] = field(default_factory=list)
    _found: set[tuple[str, str]] = field(default_factory=set)

    def start(self) -> None:
        """Forget what fixtures did: it shows nothing."""
        self._commands, self._found = [], set()

    def note(self, client: Client, answered: Answered) -> None:
        """Remember one request."""
        operation = _operation(answered.document)
        if operation is None:
            return
        if operation.kind is not OperationType.MUTATION:
            self._found |= {(path, DONE) for path in operation.paths if _has_value(answered.body, path)}
            return
        payload = (answered.body.get("data") or {}).get(operation.response_key)
        if operation.response_key and payload is not None and "errors" in payload:
            codes = [error["code"] for error in payload["errors"] if "code" in error]
            outcome = DONE if not payload["errors"] else codes[0] if codes else ""
            self._commands.append(Command(client, operation.paths[0], outcome, answered.request_id))

    def end(self) -> list[str]:
        """Look up what was recorded; gives the refused commands that recorded something."""
        wrong = []
        for client in dict.fromkeys(command.client for command in self._commands):
            commands = _worth_looking_up([command for command in self._commands if command.client == client])
            recorded = _recorded(client, [command.request_id for command in commands])
            for command in commands if recorded is not None else ():
                events = (recorded or {}).get(command.request_id, set())
                if command.outcome == DONE:
                    self._found |= {(command.field, DONE), *((command.field, event) for event in events)}
                elif events:
                    wrong.append(f"{command.field} was refused with {command.outcome} and recorded {sorted(events)}.")
                else:
                    self._found.add((command.field, command.outcome))
        return wrong

    def handed(self) -> dict[str, list[Any]]:
        """What was seen, as plain values that another process can take."""
        shown = [(*key, sorted(tests)) for key, tests in self.shown.items()]
        return {"shown": shown, "ran": sorted(self.ran)}

    def take(self, handed: dict[str, list[Any]]) -> None:
        """Add what another process has seen."""
        for field_name, outcome, tests in handed["shown"]:
            self.shown.setdefault((field_name, outcome), set()).update(tests)
        self.ran.update(handed["ran"])

    def passed(self, test: str) -> None:
        """The test has passed, so that what it showed counts."""
        self.ran.add(test)
        for shown in self._found:
            self.shown.setdefault(shown, set()).add(test)


@dataclass(frozen=True)
class Operation:
    """What a document asks for: root fields, and for queries the fields of those too."""

    kind: OperationType
    response_key: str
    """Of the only root field; empty when there are several."""
    paths: tuple[str, ...]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-operations", action="store_true", help=f"write what the tests show into {report.PATH.name}"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[OBSERVED] = Observations()
    WATCHERS.append(config.stash[OBSERVED].note)


def pytest_unconfigure(config: pytest.Config) -> None:
    WATCHERS.remove(config.stash[OBSERVED].note)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    observed = item.config.stash[OBSERVED]
    observed.start()
    yield
    wrong = observed.end()
    assert not wrong, "\n".join(wrong)
    observed.passed(item.nodeid.split("[")[0])


OBSERVED = pytest.StashKey[Observations]()


@lru_cache(maxsize=1_000)
def _operation(document: str) -> Operation | None:
    """What the document asks for; None for one that is not well formed or has several operations."""
    try:
        parsed = parse(document)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the server has said so
        return None
    operations = [node for node in parsed.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) != 1:
        return None
    fields = list(_fields(operations[0], parsed))
    if operations[0].operation is OperationType.MUTATION:
        one = fields[0]
        key = (one.alias or one.name).value if len(fields) == 1 else ""
        return Operation(OperationType.MUTATION, key, (one.name.value,))
    nested = [f"{one.name.value}.{child.name.value}" for one in fields for child in _fields(one, parsed)]
    return Operation(operations[0].operation, "", (*(one.name.value for one in fields), *nested))


def _fields(node: Any, document: DocumentNode) -> Iterator[FieldNode]:
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    for selection in node.selection_set.selections if node.selection_set else ():
        if isinstance(selection, FieldNode):
            yield selection
        else:
            name = getattr(selection, "name", None)
            yield from _fields(fragments[name.value] if name else selection, document)


def _has_value(body: dict[str, Any], path: str) -> bool:
    """Whether the field was answered with anything, under whatever alias: queries here are about few things."""
    return not body.get("errors") and any(value is not None for value in (body.get("data") or {}).values())


def _worth_looking_up(commands: Sequence[Command]) -> list[Command]:
    kept: dict[str, int] = {}
    found = []
    for command in commands:
        kept[command.field] = kept.get(command.field, 0) + (command.outcome == DONE)
        if command.outcome != DONE or kept[command.field] <= ENOUGH:
            found.append(command)
    return found


def _recorded(client: Client, ids: Sequence[str]) -> dict[str, set[str]] | None:
    """What each request recorded itself; None when the server is not there to be asked."""
    try:
        return recorded_by(client, ids)
    except (httpx.HTTPError, RuntimeError, KeyError, TypeError):
        return None  # stopped or killed by its test, closed, or not the product at all
