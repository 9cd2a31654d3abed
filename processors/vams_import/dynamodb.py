"""Reads DynamoDB JSON: exports to S3 (`{"Item": …}` a line) and answers of `aws dynamodb scan` (`{"Items": […]}`)."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO, Any

CHUNK = 1 << 16
MAX_VALUE_CHARACTERS = 1 << 22
"""Ten times the largest item that DynamoDB holds: what is longer is no item, and is not read to its end."""
SPACE = re.compile(r"[\s,]*")
ITEMS = re.compile(r'"Items"\s*:\s*\[')

Item = Mapping[str, Any]
"""Attributes as Python values: texts, int, float, bool, None, lists, sets as sorted lists, and maps."""


class ExportUnreadable(Exception):
    """A file of the export is no DynamoDB JSON from some place on."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def items(path: Path, *, refuse: Callable[[str], None]) -> Iterator[Item]:
    """The items of one file, read as a stream; `refuse` is told of values that are no items.

    Raises ExportUnreadable after the last value that can be read.
    """
    try:
        with _opened(path) as file:
            for value in _values(file, path):
                item = value.get("Item", value) if isinstance(value, dict) else None
                if isinstance(item, dict) and all(map(_is_typed, item.values())):
                    yield {name: _value(attribute) for name, attribute in item.items()}
                else:
                    refuse(f"{path.name} holds something that is no item: {json.dumps(value)[:80]}")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ExportUnreadable(path, f"cannot be read: {error}") from error


def _opened(path: Path) -> IO[str]:
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")


def _is_typed(attribute: Any) -> bool:
    return isinstance(attribute, dict) and len(attribute) == 1 and next(iter(attribute)) in TYPES


def _value(attribute: dict[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    return TYPES[kind](value)


def _number(text: Any) -> int | float | str:
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return str(text)
    return int(number) if number == number.to_integral_value() else float(number)


TYPES: dict[str, Callable[[Any], Any]] = {
    "S": str,
    "N": _number,
    "B": str,
    "BOOL": lambda value: value,
    "NULL": lambda _: None,
    "L": lambda values: [_value(value) for value in values],
    "M": lambda values: {name: _value(value) for name, value in values.items()},
    "SS": sorted,
    "NS": lambda values: sorted(map(_number, values), key=str),
    "BS": sorted,
}


class _Window:
    """The part of a file that is in memory, and the place in it."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.text = ""
        self.place = 0

    def more(self) -> bool:
        """Read on; False at the end."""
        read = self._file.read(CHUNK)
        self.text = self.text[self.place :] + read
        self.place = 0
        return bool(read)

    def skip_space(self) -> str:
        """Go to the next character that says something, and return it; the empty text at the end."""
        while True:
            match = SPACE.match(self.text, self.place)
            assert match
            self.place = match.end()
            if self.place < len(self.text):
                return self.text[self.place]
            if not self.more():
                return ""


def _values(file: IO[str], path: Path) -> Iterator[Any]:
    """Every line of an export, or every element of each `Items`."""
    window = _Window(file)
    first = window.skip_space()
    window.more()
    if not first:
        return
    if ITEMS.search(window.text[: window.place + CHUNK]) and '"Item"' not in window.text[:64]:
        yield from _elements(window, path)
        return
    while window.skip_space():
        yield _decode(window, path)


def _elements(window: _Window, path: Path) -> Iterator[Any]:
    while found := _next_items(window):
        window.place = found
        while (character := window.skip_space()) != "]":
            if not character:
                raise ExportUnreadable(path, "ends inside its items")
            yield _decode(window, path)


def _next_items(window: _Window) -> int | None:
    while True:
        match = ITEMS.search(window.text, window.place)
        if match:
            return match.end()
        window.place = max(window.place, len(window.text) - 64)
        if not window.more():
            return None


def _decode(window: _Window, path: Path) -> Any:
    decoder = json.JSONDecoder()
    while True:
        try:
            value, window.place = decoder.raw_decode(window.text, window.place)
        except ValueError as error:
            if len(window.text) - window.place > MAX_VALUE_CHARACTERS or not window.more():
                raise ExportUnreadable(path, f"is no JSON: {error}") from error
        else:
            return value
