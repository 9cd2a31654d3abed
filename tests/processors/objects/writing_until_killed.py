"""A process that writes to a local store for ever and says on stdout what it was told is done."""

from __future__ import annotations

import json
import random
import sys
import threading
from pathlib import Path

from processors.objects.local import LocalObjectStore
from processors.objects.signing import PartGrant

BUCKET = "library"
_CHUNK = 64 * 1024
_speaking = threading.Lock()


def say(**acknowledged: object) -> None:
    """Write one whole line to the pipe: what is said is acknowledged."""
    with _speaking:
        sys.stdout.write(json.dumps(acknowledged) + "\n")
        sys.stdout.flush()


def put(store: LocalObjectStore, key: str, dice: random.Random) -> None:
    """Put a version and, now and then, delete or erase one."""
    body = dice.randbytes(dice.randrange(3 * _CHUNK))
    made = store.put(BUCKET, key, body, content_type="a/b", metadata={})
    say(did="put", key=key, version_id=made.version_id, etag=made.etag)
    if dice.random() < 0.1:
        say(did="put", key=key, version_id=store.delete(BUCKET, key), etag="")
    if dice.random() < 0.1:
        say(did="erasing", version_id=made.version_id)
        store.delete_version(BUCKET, key, version_id=made.version_id)
        say(did="erased", version_id=made.version_id)


def upload(store: LocalObjectStore, key: str, dice: random.Random) -> None:
    """Send two parts, the first as large as it must be, and complete."""
    multipart_id = store.create_multipart(BUCKET, key, content_type="a/b", metadata={})
    say(did="began", key=key, multipart_id=multipart_id)
    named = []
    for number, size_bytes in ((1, 5 * 1024**2), (2, dice.randrange(1, _CHUNK))):
        etag = send(store, key, multipart_id, number=number, body=dice.randbytes(size_bytes))
        say(did="sent", multipart_id=multipart_id, part_number=number, etag=etag)
        named.append((number, etag))
    say(did="completing", multipart_id=multipart_id)
    made = store.complete_multipart(BUCKET, key, multipart_id=multipart_id, parts=named)
    say(did="put", key=key, version_id=made.version_id, etag=made.etag, multipart_id=multipart_id)


def send(store: LocalObjectStore, key: str, multipart_id: str, *, number: int, body: bytes) -> str:
    """Send one part the way the route does, chunk by chunk, and return its etag."""
    grant = PartGrant(
        bucket=BUCKET,
        key=key,
        multipart_id=multipart_id,
        part_number=number,
        size_bytes=len(body),
        expires_at=0,
    )
    reception = store.receive_part(grant)
    try:
        for start in range(0, len(body), _CHUNK):
            reception.write(body[start : start + _CHUNK])
        return reception.commit().etag
    finally:
        reception.close()


def main(root: str, seed: int) -> None:
    """Write with four threads on few keys until killed."""
    store = LocalObjectStore(Path(root), "http://gateway.test", b"s" * 32)
    store.ensure_bucket(BUCKET)

    def work(worker: int) -> None:
        dice = random.Random(seed * 100 + worker)
        while True:
            act = upload if dice.random() < 0.2 else put
            act(store, dice.choice(["a", "a/b", "c/d/e"]), dice)

    for worker in range(4):
        threading.Thread(target=work, args=(worker,)).start()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
