"""The workers of every kind of lifecycle job, by the name of its queue."""

from __future__ import annotations

from typing import Any

from psycopg_pool import ConnectionPool

from domain.ledger import Ledger
from processors.jobs.queue import Handler
from processors.lifecycle import adoptions, file_reverts, object_jobs, object_work, reverts, transfers
from processors.objects.store import ObjectStore


def lifecycle_workers(ledger: Ledger, objects: ObjectStore, pool: ConnectionPool[Any]) -> dict[str, Handler]:
    """What composition gives the queue."""
    return {
        reverts.KIND.name: reverts.RevertWorker(ledger, objects, pool),
        file_reverts.KIND.name: file_reverts.FileRevertWorker(ledger, objects),
        object_jobs.KIND.name: object_work.ObjectWorker(ledger, objects, pool),
        transfers.KIND.name: transfers.TransferWorker(ledger, objects),
        adoptions.KIND.name: adoptions.AdoptionWorker(ledger, objects),
    }
