"""Reads the frame number out of a file's path."""

from __future__ import annotations

import re

FRAME_NUMBER = re.compile(r"[._]([0-9]{3,8})\.[^./\\]+\Z")
"""Three to eight digits after a dot or underscore, directly before the extension."""


def frame_number(path: str) -> int | None:
    """The number before the extension, by exr-inspector's rule for any extension; None when there is none.

    The rule cannot tell a frame from a shot or a date: `shot_010.exr` gives 10. Kept so that the values join
    with rows that exr-inspector wrote.
    """
    found = FRAME_NUMBER.search(path)
    return int(found.group(1)) if found else None
