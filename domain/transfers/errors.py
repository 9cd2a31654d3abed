"""Refusals about transfers."""

from __future__ import annotations

from collections.abc import Sequence

from domain.errors import AlreadyExists, Conflict, Invalid, NotFound


class FileTransferNotFound(NotFound):
    """There is no such transfer."""

    def __init__(self, transfer_id: str) -> None:
        super().__init__("file transfer", transfer_id, path=("transferId",))


class SourceNotFound(NotFound):
    """The asset holds no file at a source path."""

    def __init__(self, path: str, *, field: tuple[str, ...]) -> None:
        super().__init__("file", path, path=field)


class DestinationExists(AlreadyExists):
    """The destination path has a file, archived or not."""

    def __init__(self, path: str, *, field: tuple[str, ...]) -> None:
        super().__init__(
            f"There is already a file {path!r}, perhaps an archived one: choose another destination, or move that "
            "file away first.",
            path=field,
        )


class DestinationClaimed(Conflict):
    """Another transfer that goes on brings a file to the destination path."""

    def __init__(self, path: str, transfer_id: str, *, field: tuple[str, ...]) -> None:
        super().__init__(
            f"The transfer {transfer_id} brings a file to {path!r}: wait until it is over.",
            path=field,
        )


class SourceLeaving(Conflict):
    """Another transfer that goes on moves the source away."""

    def __init__(self, path: str, transfer_id: str, *, field: tuple[str, ...]) -> None:
        super().__init__(f"The transfer {transfer_id} moves {path!r} away: wait until it is over.", path=field)


class TransferOntoItself(Invalid):
    """Source and destination are one path of one asset."""

    def __init__(self, path: str, *, field: tuple[str, ...]) -> None:
        super().__init__(f"{path!r} is both source and destination.", path=field)


class PathGivenTwice(Invalid):
    """Two sources go to one destination, or one source is moved to two."""

    def __init__(self, path: str, *, field: tuple[str, ...]) -> None:
        super().__init__(f"The path {path!r} is given twice, with its preview files counted.", path=field)


class PreviewFollowsFile(Invalid):
    """A preview file was named, which goes wherever its file goes."""

    def __init__(self, path: str, *, field: tuple[str, ...]) -> None:
        super().__init__(
            f"{path!r} is the preview of a file and follows it by itself: name that file instead.", path=field
        )


class MetadataConflict(Conflict):
    """The policy is FAIL, and source and destination have differing entries."""

    def __init__(self, path: str, keys: Sequence[str]) -> None:
        super().__init__(
            f"The last file at {path!r} had other values of {', '.join(keys)}: choose another metadataPolicy.",
            path=("metadataPolicy",),
        )
