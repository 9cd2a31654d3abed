"""Reads notifications of object stores: which keys of which buckets something happened to.

A notice says only where to look. What is there is then asked of the store itself, so a notice that comes late, twice or
in another order changes nothing, and a forged one can't make up an object.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote, unquote_plus

DEEPEST = 6
"""Envelopes in envelopes: an S3 record in a CloudEvent in SNS in SQS is four."""
EXCERPT = 300
MAX_KEY_BYTES = 1024
MAX_BUCKET_LENGTH = 255
NEWS_TO_NOBODY = ("ObjectAccessed:", "ObjectTagging:", "ObjectAcl:", "ObjectRestore:", "Replication:", "TestEvent")
"""Events that leave keys and versions as they are, by the start of their names."""
CONFIRMATIONS = ("SubscriptionConfirmation", "UnsubscribeConfirmation")


@dataclass(frozen=True)
class Notice:
    """Something happened to an object."""

    record: str
    """Where in the request it was said, as `Records[3]`."""
    event_name: str
    bucket: str
    keys: tuple[str, ...]
    """The key in every spelling that the sender may mean: some senders encode keys for URLs, and some do not."""


@dataclass(frozen=True)
class Pointless:
    """A record of something that leaves objects as they are, such as a test of the connection."""

    record: str
    event_name: str


@dataclass(frozen=True)
class Malformed:
    """A record that can't be followed, and why."""

    record: str
    message: str
    excerpt: str


Reading: TypeAlias = Notice | Pointless | Malformed


class BodyUnreadable(Exception):
    """The request as a whole is no notification."""


def read(body: bytes, headers: Mapping[str, str]) -> Iterator[Reading]:
    """The records of a request, in order. The names of the headers are lower case. Raises BodyUnreadable."""
    document = _parsed(body, "The body") if body.strip() else None
    if "ce-specversion" in headers:
        yield from _cloud_event(_binary_event(headers, document), "", depth=0)
    elif document is None:
        raise BodyUnreadable("The body is empty: send a bucket notification as JSON.")
    else:
        yield from _read(document, "", depth=0)


def _read(document: Any, record: str, *, depth: int) -> Iterator[Reading]:
    """What an element says, whatever envelope it is."""
    if depth > DEEPEST:
        yield _malformed(document, record, "is wrapped too often")
    elif isinstance(document, list):
        for index, one in enumerate(document):
            yield from _read(one, f"{record}[{index}]", depth=depth + 1)
    elif not isinstance(document, dict):
        yield _malformed(document, record, "is no JSON object")
    else:
        yield from _envelope(document, record, depth=depth)


def _envelope(document: dict[str, Any], record: str, *, depth: int) -> Iterator[Reading]:
    inner = _inner(document, record)
    if document.get("Type") in CONFIRMATIONS:
        yield _malformed(document, record, f"asks to be confirmed: open {document.get('SubscribeURL')} once")
    elif inner is not None:
        yield from _opened(*inner, depth=depth)
    elif "s3" in document:
        yield _s3_record(document, record)
    elif "specversion" in document:
        yield from _cloud_event(document, record, depth=depth)
    elif "detail-type" in document:
        yield _event_bridge(document, record)
    elif document.get("Event") == "s3:TestEvent":
        yield Pointless(record, "s3:TestEvent")
    else:
        yield _malformed(document, record, "is no bucket notification of a known shape")


def _inner(document: dict[str, Any], record: str) -> tuple[Any, str] | None:
    """What an envelope of S3, MinIO, SNS or SQS holds, and its place; None for other elements."""
    dot = f"{record}." if record else ""
    for name in ("Records", "Messages"):
        if isinstance(document.get(name), list):
            return document[name], f"{dot}{name}"
    if isinstance(document.get("Sns"), dict):
        return document["Sns"], f"{dot}Sns"
    if document.get("Type") == "Notification" or "TopicArn" in document:
        return (document["Message"], f"{dot}Message") if isinstance(document.get("Message"), str) else None
    wrapped = next((name for name in ("body", "Body") if isinstance(document.get(name), str)), None)
    return None if wrapped is None else (document[wrapped], f"{dot}{wrapped}")


def _opened(inner: Any, record: str, *, depth: int) -> Iterator[Reading]:
    """Read what an envelope holds; text in it is JSON."""
    if isinstance(inner, str):
        try:
            inner = _parsed(inner.encode(errors="surrogatepass"), "It")
        except BodyUnreadable as error:
            yield Malformed(record, str(error), json.dumps(inner)[:EXCERPT])
            return
    yield from _read(inner, record, depth=depth + 1)


def _s3_record(document: dict[str, Any], record: str) -> Reading:
    """A record as AWS, MinIO, Ceph, VAST and versitygw send it."""
    name = document.get("eventName")
    s3 = document["s3"] if isinstance(document["s3"], dict) else {}
    bucket, key = _at(s3, "bucket", "name"), _at(s3, "object", "key")
    return _notice(document, record, name=name if isinstance(name, str) else "", bucket=bucket, key=key)


def _event_bridge(document: dict[str, Any], record: str) -> Reading:
    detail = document["detail"] if isinstance(document.get("detail"), dict) else {}
    name = str(document["detail-type"])
    return _notice(document, record, name=name, bucket=_at(detail, "bucket", "name"), key=_at(detail, "object", "key"))


def _cloud_event(event: dict[str, Any], record: str, *, depth: int) -> Iterator[Reading]:
    """A CloudEvent: VAST's element events name the object in an attribute, others carry a record as data."""
    name = event["type"] if isinstance(event.get("type"), str) else ""
    if isinstance(event.get("elementpath"), str):
        bucket, _, key = event["elementpath"].lstrip("/").partition("/")
        yield _notice(event, record, name=name, bucket=bucket, key=key)
        return
    data = _data(event)
    dot = f"{record}." if record else ""
    if isinstance(data, dict) and isinstance(data.get("bucket"), dict | str) and "s3" not in data:
        yield _notice(event, record, name=name, bucket=_named(data["bucket"]), key=_key(event, data))
    elif data is None:
        yield _malformed(event, record, "has neither an elementpath nor data")
    else:
        yield from _read(data, f"{dot}data", depth=depth + 1)


def _binary_event(headers: Mapping[str, str], data: Any) -> dict[str, Any]:
    attributes = {name.removeprefix("ce-"): unquote(value) for name, value in headers.items() if name.startswith("ce-")}
    return {**attributes, "data": data}


def _data(event: dict[str, Any]) -> Any:
    encoded = event.get("data_base64")
    if isinstance(encoded, str):
        try:
            return json.loads(base64.b64decode(encoded, validate=True))
        except (binascii.Error, ValueError):
            return None
    return event.get("data")


def _key(event: dict[str, Any], data: dict[str, Any]) -> Any:
    """Of an event whose data is the part `s3` of a record, or flat."""
    return _at(data, "object", "key") or data.get("key") or event.get("subject")


def _named(bucket: Any) -> Any:
    return bucket.get("name") if isinstance(bucket, dict) else bucket


def _notice(document: Any, record: str, *, name: str, bucket: Any, key: Any) -> Reading:
    if name.removeprefix("s3:").startswith(NEWS_TO_NOBODY):
        return Pointless(record, name)
    for what, value in (("bucket", bucket), ("key", key)):
        if not isinstance(value, str) or not value:
            return _malformed(document, record, f"names no {what}")
        if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
            return _malformed(document, record, f"has a {what} that is no text")
    spellings = tuple(one for one in dict.fromkeys((_decoded(key), key)) if len(one.encode()) <= MAX_KEY_BYTES)
    if len(bucket) > MAX_BUCKET_LENGTH or not spellings:
        return _malformed(document, record, "names a bucket or key that is longer than S3 has them")
    return Notice(record, name, bucket, spellings)


def _decoded(key: str) -> str:
    """The key as AWS encodes it for its notifications; what is no UTF-8 after that was never encoded."""
    try:
        decoded = unquote_plus(key, errors="strict")
    except UnicodeDecodeError:
        return key
    return key if "\x00" in decoded else decoded


def _at(document: Any, *names: str) -> Any:
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _parsed(body: bytes, what: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BodyUnreadable(f"{what} is no JSON: {error}.") from error


def _malformed(document: Any, record: str, fault: str) -> Malformed:
    return Malformed(record, f"{record or 'The notification'} {fault}.", json.dumps(document)[:EXCERPT])
