"""Bucket sync is told of what the lifecycle does to objects, at once and late: it records nothing, on both stores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.executions.commands import Run, run_workflow
from domain.executions.events import ExecutionFile
from domain.executions.execution import EXECUTIONS, Attempt
from domain.executions.reports import record_step_started, record_step_success
from domain.files.file import FILES, File
from domain.files.lifecycle import archive_files, delete_files_permanently, unarchive_files
from domain.files.reverts import revert_file
from domain.transfers.commands import FilePair, WantedTransfer, request_transfer
from domain.transfers.events import MetadataPolicy, TransferKind
from processors.bucket_sync.sync import BucketSync
from processors.lifecycle.transfers import TransferWorker
from processors.uploads.complete import stored_object
from processors.workflows.finishing import Finishing
from processors.workflows.jobs import StepJob
from processors.workflows.staging import Staging
from tests.domain.library import order
from tests.domain.pipelines.scene import given_pipeline, given_workflow
from tests.processors.bucket_sync.test_orderings import HOMES
from tests.processors.lifecycle.life import SHOT, Life
from tests.processors.lifecycle.transferring import JOB, OTHER

KEY = "library/shot_010/a.exr"


class Telling:
    """A store whose notifications are delivered before its answers."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self.told: list[list[str]] = []
        """What each of them recorded."""

    def __getattr__(self, name: str) -> Any:
        call: Callable[..., Any] = getattr(self._life.objects, name)
        return self._telling(call) if name in ("delete", "delete_version", "copy") else call

    def _telling(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def then_tell(bucket: str, key: str, **options: Any) -> Any:
            answer = call(bucket, key, **options)
            self.told.append(_told(self._life, options.get("to_key", key)))
            return answer

        return then_tell


def _told(life: Life, key: str) -> list[str]:
    """What a notification of the key records."""
    before = len(life.events())
    BucketSync(life.ledger, life.objects, life.pool).sync([(life.bucket, key)], homes=HOMES, order=order())
    return [type(event).__name__ for event in life.events()[before:]]


def _told_of_file(life: Life) -> list[str]:
    return _told(life, KEY)


def _file(life: Life) -> File:
    file = life.ledger.load(FILES, *SHOT, "a.exr").state
    assert file is not None
    return file


def _archive(life: Life) -> None:
    archive_files(life.ledger, *SHOT, paths=["a.exr"], order=order())


def _unarchive(life: Life) -> None:
    unarchive_files(life.ledger, *SHOT, paths=["a.exr"], order=order())


def test_a_marker_that_archiving_put_is_not_observed_before_or_after_it_is_noted(life: Life) -> None:
    life.put("a.exr")
    _archive(life)
    store: Any = Telling(life)
    life.run(store)
    assert store.told == [[]]
    assert _told_of_file(life) == []
    _unarchive(life)
    life.run(store)
    assert store.told == [[], []]
    assert _told_of_file(life) == []
    assert not _file(life).is_archived


def test_a_late_word_of_our_marker_does_not_undo_an_unarchiving_that_waits(life: Life) -> None:
    life.put("a.exr")
    _archive(life)
    life.run()
    _unarchive(life)
    assert _told_of_file(life) == []
    assert not _file(life).is_archived


def test_a_marker_that_somebody_put_is_observed_though_one_of_ours_is_known(life: Life) -> None:
    life.put("a.exr")
    _archive(life)
    life.run()
    life.objects.put(life.bucket, KEY, b"over ours", content_type="image/x-exr", metadata={})
    life.objects.delete(life.bucket, KEY)
    assert _told_of_file(life) == [
        "FileVersionObserved",
        "FileDeleteMarkerObserved",
        "FileArchived",
    ]


def test_erasing_a_file_is_not_observed(life: Life) -> None:
    life.put("a.exr", b"1")
    life.put("a.exr", b"2")
    _archive(life)
    life.run()
    delete_files_permanently(life.ledger, *SHOT, paths=["a.exr"], is_confirmed=True, order=order())
    store: Any = Telling(life)
    life.run(store)
    assert store.told == [[], [], []]
    assert _told_of_file(life) == []


def test_the_copy_and_the_marker_of_a_move_are_not_observed(life: Life) -> None:
    life.put("a.exr")
    pairs = [FilePair("a.exr", "b.exr")]
    wanted = WantedTransfer(TransferKind.MOVE, SHOT, OTHER, pairs, MetadataPolicy.KEEP_SOURCE)
    request_transfer(life.ledger, "t1", wanted, order=order())
    store: Any = Telling(life)
    TransferWorker(life.ledger, store).run(**JOB)
    assert store.told == [[], []]
    assert _told_of_file(life) == []
    assert _told(life, "library/shot_020/b.exr") == []


def test_the_copy_of_a_revert_is_not_observed(life: Life) -> None:
    first = life.put("a.exr", b"1")
    life.put("a.exr", b"2")
    revert_file(life.ledger, (*SHOT, "a.exr"), s3_version_id=first, order=order())
    store: Any = Telling(life)
    life.run(store)
    assert store.told == [[]]
    assert _told_of_file(life) == []
    names = [type(event).__name__ for event in life.events()[-3:]]
    assert names == ["FileRevertRequested", "FileVersionObserved", "FileReverted"]


def test_the_output_of_a_workflow_is_not_observed(life: Life) -> None:
    life.put("a.exr", b"1")
    given_pipeline(life.ledger, "denoise", asset_type=".exr")
    given_workflow(life.ledger, "clean", "denoise")
    run = Run(workflow=("shows", "clean"), asset=SHOT, paths=("a.exr",))
    run_workflow(life.ledger, "e1", run=run, order=order())
    staged = life.objects.put(
        life.bucket, "library/shot_010/.pipelines/e1/1/0/b.exr", b"made", content_type="image/x-exr", metadata={}
    )
    record_step_started(life.ledger, "e1", Attempt(1, 0), order=order())
    made = (ExecutionFile(path="b.exr", stored=stored_object(staged)),)
    record_step_success(life.ledger, "e1", Attempt(1, 0), outputs=made, log=None, order=order())
    store: Any = Telling(life)
    job = StepJob(execution_id="e1", attempt=1, step=1, position=1, correlation_id="request-1")
    execution = life.ledger.load(EXECUTIONS, "e1").state
    assert execution is not None
    Finishing(life.ledger, store, Staging(life.ledger, store)).finish(job, execution)
    assert store.told[0] == []
    assert _told(life, "library/shot_010/b.exr") == []
    assert "WorkflowExecutionSucceeded" in {type(event).__name__ for event in life.events()}
