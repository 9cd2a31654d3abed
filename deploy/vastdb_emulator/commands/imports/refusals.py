"""Why an object is not imported, with the result that the SDK reads."""

from __future__ import annotations

from typing import ClassVar


class NotImported(Exception):
    """The object was not imported; the message says why and reaches the client."""

    result: ClassVar[str] = "TabularImportError"


class MismatchedName(NotImported):
    """The file has a column that the table has not."""

    result = "TabularMismatchColumnName"


class MismatchedType(NotImported):
    """A column has another type in the file than in the table."""

    result = "TabularMismatchColumnType"
