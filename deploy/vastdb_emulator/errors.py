"""What the emulator refuses, each with the HTTP status and the code that the SDK reads.

Refusal
├── BadRequest ─┬─ UnsupportedColumnType
│               ├─ InvalidColumnTypeParameter
│               └─ MismatchedColumnType
├── Forbidden
├── NotFound ─── NoSuchObject
├── Conflict
├── InternalError
├── NotImplementedHere
├── SlowDown
├── Unavailable
└── OutOfSpace
"""

from __future__ import annotations

from typing import ClassVar
from xml.sax.saxutils import escape


class Refusal(Exception):
    """A request that is answered with an error; the message says why and reaches the client."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "InternalError"

    def body(self) -> bytes:
        """The error as S3 writes it."""
        return f"<Error><Code>{self.code}</Code><Message>{escape(str(self))}</Message></Error>".encode()


class BadRequest(Refusal):
    """The request cannot be carried out as it is written."""

    status = 400
    code = "InvalidArgument"


class UnsupportedColumnType(BadRequest):
    """A column has a type that VAST DB does not store."""

    code = "TabularUnsupportedColumnType"


class InvalidColumnTypeParameter(BadRequest):
    """A column has a stored type with a parameter out of range."""

    code = "TabularInvalidColumnTypeParam"


class MismatchedColumnType(BadRequest):
    """The values sent for a column are not of its type."""

    code = "TabularMismatchColumnType"


class Forbidden(Refusal):
    """The access key is unknown, or the signature is not made with its secret."""

    status = 403
    code = "AccessDenied"


class NotFound(Refusal):
    """The transaction, bucket, schema, table, column or projection does not exist."""

    status = 404
    code = "NotFound"


class NoSuchObject(NotFound):
    """The bucket has no object of this key."""

    code = "NoSuchKey"


class Conflict(Refusal):
    """Another transaction changed, or is changing, the same thing; or it is not empty, or exists already."""

    status = 409
    code = "Conflict"


class InternalError(Refusal):
    """The server answers so where the SDK's own tests expect an internal error."""


class NotImplementedHere(Refusal):
    """A part of VAST DB that the emulator does not have."""

    status = 501
    code = "NotImplemented"


class SlowDown(Refusal):
    """The server has too much to do; the SDK repeats the request."""

    status = 503
    code = "SlowDown"


class Unavailable(Refusal):
    """The server cannot answer now; the SDK does not repeat the request."""

    status = 503
    code = "ServiceUnavailable"


class OutOfSpace(Refusal):
    """Nothing more can be written."""

    status = 507
    code = "InsufficientCapacity"
