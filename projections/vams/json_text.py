"""Values as the text of a jsonb column."""

from __future__ import annotations

import re
from typing import Any

import msgspec

ESCAPE = re.compile(r"\\(u0000|.)")
REPLACEMENT = "\ufffd"


def json_text(value: Any) -> str:
    """The value as JSON, with each NUL character, which no column of Postgres can hold, as U+FFFD."""
    text = msgspec.json.encode(value).decode()
    if "\\u0000" not in text:
        return text
    return ESCAPE.sub(lambda found: REPLACEMENT if found[1] == "u0000" else found[0], text)
