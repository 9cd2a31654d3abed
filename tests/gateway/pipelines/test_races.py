"""Definitions and executions decided at once, on real Postgres: one running execution a file, and nothing dangling."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from domain.databases.deletion import delete_database
from domain.executions.commands import Run, cancel_workflow_execution, run_workflow
from domain.ledger import Ledger
from domain.pipelines.commands import delete_pipeline
from domain.pipelines.registry import load_registry
from domain.pipelines.workflows import delete_workflow
from tests.domain.library import given_asset, given_database, given_file, order
from tests.domain.pipelines.scene import given_pipeline, given_workflow
from tests.gateway.racing import Racers, racers

WRITERS = 32
ROUNDS = 20
RUN = Run(workflow=("shows", "clean"), asset=("shows", "shot_010"), paths=("a.exr",))


@pytest.fixture
def racing(database_url: str) -> Iterator[Racers]:
    """Two ledgers over a library with a file and a workflow."""
    with racers(database_url) as racing:
        given_database(racing.ledger)
        given_asset(racing.ledger)
        given_file(racing.ledger, "a.exr")
        given_pipeline(racing.ledger)
        given_workflow(racing.ledger)
        yield racing


def test_of_many_who_ask_at_once_one_gets_the_file(racing: Racers) -> None:
    def ask(number: int, ledger: Ledger) -> None:
        run_workflow(ledger, f"e{number}", run=RUN, order=order())

    answers = racing.at_once([partial(ask, number) for number in range(WRITERS)])
    assert sorted(answers, key=str) == [None] + ["WorkflowAlreadyRunning"] * (WRITERS - 1)


def test_many_who_ask_for_one_execution_get_one(racing: Racers) -> None:
    def ask(ledger: Ledger) -> None:
        run_workflow(ledger, "e1", run=RUN, order=order())

    assert racing.at_once([ask] * WRITERS) == [None] * WRITERS
    requests = [entry for entry in racing.log() if type(entry.event).__name__ == "WorkflowExecutionRequested"]
    assert len(requests) == 1


def test_of_many_cancellations_one_counts(racing: Racers) -> None:
    run_workflow(racing.ledger, "e1", run=RUN, order=order())

    def cancel(ledger: Ledger) -> None:
        cancel_workflow_execution(ledger, "e1", order=order())

    answers = racing.at_once([cancel] * WRITERS)
    assert sorted(answers, key=str) == [None] + ["WorkflowExecutionEnded"] * (WRITERS - 1)


def test_a_pipeline_is_deleted_or_used_and_never_both(racing: Racers) -> None:
    def use(name: str, ledger: Ledger) -> None:
        given_workflow(ledger, f"uses-{name}", name)

    def drop(name: str, ledger: Ledger) -> None:
        delete_pipeline(ledger, ("shows", name), order=order())

    for name in (f"duel-{number}" for number in range(ROUNDS)):
        given_pipeline(racing.ledger, name)
        answers = racing.at_once([partial(use, name), partial(drop, name)])
        assert answers in ([None, "PipelineInUse"], ["PipelineNotFound", None])


def test_an_id_goes_to_global_or_to_a_database_and_never_to_both(racing: Racers) -> None:
    def make(name: str, database_id: str, ledger: Ledger) -> None:
        given_pipeline(ledger, name, database_id=database_id)

    for name in (f"duel-{number}" for number in range(ROUNDS)):
        answers = racing.at_once([partial(make, name, database_id) for database_id in ("shows", "GLOBAL")])
        assert sorted(answers, key=str) == [None, "PipelineAlreadyExists"]


def test_a_database_is_deleted_or_gets_a_pipeline_and_never_both(racing: Racers) -> None:
    def make(database_id: str, ledger: Ledger) -> None:
        given_pipeline(ledger, f"of-{database_id}", database_id=database_id)

    def drop(database_id: str, ledger: Ledger) -> None:
        delete_database(ledger, database_id, order=order())

    for database_id in (f"duel-{number}" for number in range(ROUNDS)):
        given_database(racing.ledger, database_id)
        answers = racing.at_once([partial(make, database_id), partial(drop, database_id)])
        assert answers in ([None, "DatabaseHasPipelines"], ["DatabaseIsDeleted", None])
        has_pipeline = (database_id, f"of-{database_id}") in load_registry(racing.ledger)[1].pipelines
        assert has_pipeline is (answers[0] is None)


def test_a_workflow_deleted_while_it_is_asked_for_runs_or_does_not(racing: Racers) -> None:
    for number in range(ROUNDS):
        name = f"duel-{number}"
        given_workflow(racing.ledger, name)
        run = Run(workflow=("shows", name), asset=("shows", "shot_010"), paths=("a.exr",))

        def ask(run: Run, identity: str, ledger: Ledger) -> None:
            run_workflow(ledger, identity, run=run, order=order())

        def drop(name: str, ledger: Ledger) -> None:
            delete_workflow(ledger, ("shows", name), order=order())

        answers = racing.at_once([partial(ask, run, f"e-{name}"), partial(drop, name)])
        assert answers in ([None, None], ["WorkflowNotFound", None])
