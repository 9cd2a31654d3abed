"""After any commands the tables are the model, every earlier position still shows it, and a rebuild changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from gateway.consumers.verify import verify
from tests.gateway.machine.machine import LibraryMachine
from tests.gateway.machine.model import TAGS
from tests.gateway.product import Product, product

QUICK = settings(
    max_examples=15, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
LONG = settings(QUICK, max_examples=200, stateful_step_count=60)


@pytest.fixture
def library(database_url: str, tmp_path: Path) -> Iterator[Product]:
    """A product whose tables and search index follow the log, with the tags of the model."""
    with product(database_url, tmp_path, "search", "lifecycle", "jobs") as running:
        running.client.name_tags(*TAGS)
        yield running


@pytest.fixture
def machine(library: Product) -> LibraryMachine:
    """The machine, to be led by hand."""
    made: LibraryMachine = _machine(library)()
    made.begin(tags=[], metadata={"lens": "one"}, files={"README": b"1", "a.0001.exr": b"2"})
    return made


def _machine(library: Product) -> type[LibraryMachine]:
    return type("MachineOfThisLibrary", (LibraryMachine,), {"product": library})


def _check(library: Product, profile: settings) -> None:
    run_state_machine_as_test(_machine(library), settings=profile)
    for name, projection in library.parts.projections.items():
        found = verify(projection, library.parts.log.feed, library.parts.pool)
        assert found.differences == (), name


@pytest.mark.timeout(1_200)  # a failure is shrunk for minutes
def test_any_commands_leave_the_library_that_the_model_is(library: Product) -> None:
    _check(library, QUICK)


@pytest.mark.soak
@pytest.mark.timeout(7_200)
def test_thousands_of_commands_leave_the_library_that_the_model_is(library: Product) -> None:
    _check(library, LONG)


@pytest.mark.parametrize("with_metadata", [False, True])
def test_a_version_brings_back_what_moved_away(machine: LibraryMachine, with_metadata: bool) -> None:
    machine.move("cam", "README", "cam", "b.exr")
    machine.revert("cam", 2, with_metadata)
    machine.teardown()
