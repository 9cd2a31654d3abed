"""The key that signs the local store's URLs, kept in a file that only its owner may read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from processors.objects.disk.durable import sync_directory, write_file

SECRET_BYTES = 32


class SecretUnusable(Exception):
    """The secret file exists but cannot be trusted to sign URLs."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"Secret file {path} {reason}. Remove it to have a new one made; signed URLs then expire.")


def load_or_create_secret(path: Path) -> bytes:
    """Read the secret, or make one of 32 random bytes with mode 0600; of two makers the first one wins.

    Raises SecretUnusable if the file is too short or others may read it.
    """
    if not path.exists():
        _create(path)
    if path.stat().st_mode & 0o077:
        raise SecretUnusable(path, "may be read or written by others than its owner")
    secret = path.read_bytes()
    if len(secret) < SECRET_BYTES:
        raise SecretUnusable(path, f"has {len(secret)} bytes, fewer than {SECRET_BYTES}")
    return secret


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        write_file(draft, secrets.token_bytes(SECRET_BYTES), mode=0o600)
        # A link, unlike a rename, fails when the name is taken: nobody replaces a secret that is in use.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
    sync_directory(path.parent)
