"""Give an upload session up: record it, then drop its parts from the store."""

from __future__ import annotations

from domain.cause import Order
from domain.ledger import Ledger
from domain.stream import Outcome
from domain.uploads.commands import abort_upload, load_upload
from processors.objects.store import ObjectStore


def abort(ledger: Ledger, store: ObjectStore, upload_id: str, *, reason: str | None, order: Order) -> Outcome:
    """Abort the session. Raises UploadNotFound, UploadClosed."""
    outcome = abort_upload(ledger, upload_id, reason=reason, order=order)
    _, upload = load_upload(ledger, upload_id)
    for file in upload.files:
        if file.multipart_id is not None:
            store.abort_multipart(upload.s3_bucket, file.s3_key, multipart_id=file.multipart_id)
    return outcome
