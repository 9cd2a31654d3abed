"""Commands on media: ask for renditions, and record what became of the asking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

from domain.assets.asset import ASSETS, Asset
from domain.cause import Order
from domain.errors import NotFound
from domain.files.errors import FileNotFound
from domain.files.events import StoredObject
from domain.files.file import FILES, File
from domain.files.paths import RENDITIONS_FOLDER, check_path
from domain.ledger import Ledger
from domain.media.events import (
    MediaEvent,
    MediaInspected,
    Rendition,
    RenditionKind,
    RenditionsFailed,
    RenditionsProduced,
    RenditionsRequested,
    RenditionStemReserved,
)
from domain.media.inspection import Inspection
from domain.media.media import MEDIA, STEMS, FileMedia
from domain.stream import Change, Decision, Outcome, Stream

ALL_KINDS = (RenditionKind.THUMBNAIL, RenditionKind.PROXY)


@dataclass(frozen=True)
class MediaKey:
    """Which attempt at which object version."""

    s3_bucket: str
    s3_key: str
    s3_version_id: str
    attempt: int


@dataclass(frozen=True)
class Produced:
    """What one decode gave."""

    inspection: Inspection
    renditions: tuple[Rendition, ...]
    recipe: str
    processing_seconds: float


def request_renditions(
    ledger: Ledger,
    file: tuple[str, str, str],
    *,
    stored: StoredObject | None = None,
    again: bool,
    order: Order,
) -> Outcome:
    """Ask for inspection and renditions of a file (database id, asset id, path).

    `stored` is one of its versions, None takes the latest.

    An open request is left as it is. A finished one is repeated only with `again`, as the next attempt. Nothing is
    asked for a version that was permanently deleted meanwhile. Raises FileNotFound.
    """
    database_id, asset_id, given_path = file
    path = check_path(given_path)

    def decide() -> Decision:
        source = stored or _latest(ledger, (database_id, asset_id, path))
        stream = ledger.load(MEDIA, source.s3_bucket, source.s3_version_id, source.s3_key)
        owners = _owners(ledger, (database_id, asset_id, path))
        if _is_deleted(owners, source.s3_version_id) or (stream.state and (stream.state.is_open or not again)):
            return Decision(())
        reservation, stem = _reserve_stem(ledger, source)
        event = RenditionsRequested(
            database_id=database_id,
            asset_id=asset_id,
            path=path,
            s3_bucket=source.s3_bucket,
            s3_key=source.s3_key,
            s3_version_id=source.s3_version_id,
            attempt=stream.state.request.attempt + 1 if stream.state else 1,
            kinds=ALL_KINDS,
            rendition_stem=stem,
            size_bytes=source.size_bytes,
            last_modified=source.last_modified,
        )
        return Decision((reservation, stream.then(event)), held=owners)

    return ledger.carry_out(order, decide)


def record_renditions(ledger: Ledger, key: MediaKey, *, produced: Produced, order: Order) -> Outcome:
    """Record what an attempt made; nothing is recorded when that attempt is closed already.

    Nor is it for an object version that was permanently deleted meanwhile: the result then has `deleted`, and what was
    made has to be erased.
    """

    def events(media: FileMedia) -> tuple[MediaEvent, ...]:
        return (
            MediaInspected(**media.source, attempt=key.attempt, inspection=produced.inspection),
            RenditionsProduced(
                **media.source,
                attempt=key.attempt,
                recipe=produced.recipe,
                processing_seconds=produced.processing_seconds,
                renditions=produced.renditions,
            ),
        )

    return ledger.carry_out(order, lambda: _closing(ledger, key, events))


def record_failure(ledger: Ledger, key: MediaKey, *, code: str, message: str, order: Order) -> Outcome:
    """Record why an attempt made nothing; nothing is recorded when that attempt is closed already."""

    def events(media: FileMedia) -> tuple[MediaEvent, ...]:
        kinds = media.request.kinds
        return (RenditionsFailed(**media.source, attempt=key.attempt, kinds=kinds, code=code, message=message),)

    return ledger.carry_out(order, lambda: _closing(ledger, key, events))


def load_media(ledger: Ledger, key: MediaKey) -> tuple[Stream[FileMedia], FileMedia]:
    """The stream and state of an object version's media. Raises NotFound."""
    stream = ledger.load(MEDIA, key.s3_bucket, key.s3_version_id, key.s3_key)
    if stream.state is None:
        raise NotFound("media", f"{key.s3_bucket}/{key.s3_key}")
    return stream, stream.state


def _closing(ledger: Ledger, key: MediaKey, events: Callable[[FileMedia], tuple[MediaEvent, ...]]) -> Decision:
    stream, media = load_media(ledger, key)
    request = media.request
    owners = _owners(ledger, (request.database_id, request.asset_id, request.path))
    if _is_deleted(owners, key.s3_version_id):
        return Decision((), {"deleted": "true"})
    if not media.is_open or request.attempt != key.attempt:
        return Decision(())
    return Decision((stream.then(*events(media)),), held=owners)


Owners = tuple[Stream[Asset], Stream[File]]


def _owners(ledger: Ledger, file: tuple[str, str, str]) -> Owners:
    """The asset and the file that decide whether there may be pictures; the decision holds them."""
    return ledger.load(ASSETS, *file[:2]), ledger.load(FILES, *file)


def _is_deleted(owners: Owners, s3_version_id: str) -> bool:
    asset, file = owners[0].state, owners[1].state
    return (asset is not None and asset.is_deleted) or (file is not None and s3_version_id in file.erased)


def _latest(ledger: Ledger, file: tuple[str, str, str]) -> StoredObject:
    state = ledger.load(FILES, *file).state
    if state is None or not state.is_there:
        raise FileNotFound(file[2])
    return state.latest


def _reserve_stem(ledger: Ledger, stored: StoredObject) -> tuple[Change, str]:
    for stem in _stems(stored.s3_key):
        stream = ledger.load(STEMS, stored.s3_bucket, stem)
        if stream.state is None:
            event = RenditionStemReserved(s3_bucket=stored.s3_bucket, rendition_stem=stem, s3_key=stored.s3_key)
            return stream.then(event), stem
        if stream.state == stored.s3_key:
            return stream.then(), stem
    raise AssertionError("the stems never end")


def rendition_stem(ledger: Ledger, s3_bucket: str, s3_key: str) -> str | None:
    """The start of the keys of this object's renditions; None when none were ever asked for."""
    for stem in _stems(s3_key):
        owner = ledger.load(STEMS, s3_bucket, stem).state
        if owner is None or owner == s3_key:
            return stem if owner else None
    raise AssertionError("the stems never end")


def _stems(s3_key: str) -> Iterator[str]:
    """`<dir>/.proxies/<stem>`, then `<dir>/.proxies/<name.ext>`, then the latter with a digest of the key.

    There is always another, as files may be named so that they own the first three.
    """
    folder, slash, name = s3_key.rpartition("/")
    inside = f"{folder}{slash}{RENDITIONS_FOLDER}/"
    stem, dot, _ = name.rpartition(".")
    yield f"{inside}{stem if dot and stem else name}"
    yield f"{inside}{name}"
    for salt in count():
        yield f"{inside}{name}.{sha256(s3_key.encode() + b'/' * salt).hexdigest()[:16]}"
