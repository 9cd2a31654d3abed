"""Header values become JSON that every store accepts."""

from __future__ import annotations

import numpy as np
import pytest

from processors.media.text import json_value, repaired_text


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("plain", "plain"),
        ("é", "é"),
        (b"\xa9 1999".decode(errors="surrogateescape"), "© 1999"),
        ("a\0b", "a\ufffdb"),
    ],
)
def test_text_is_repaired(stored: str, meant: str) -> None:
    assert repaired_text(stored) == meant


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (-294967296, "UINT", 4000000000),
        (-3, "INT", -3),
        (float("-inf"), "FLOAT", "-Infinity"),
        ((1.0, float("nan")), "FLOAT2", [1.0, "NaN"]),
        (np.array([1, 255], np.uint8), "UINT8[2]", [1, 255]),
        (("a", "b"), "STRING[2]", ["a", "b"]),
        (None, "UNKNOWN", None),
    ],
)
def test_values_keep_their_meaning(value: object, kind: str, expected: object) -> None:
    assert json_value(value, kind) == expected
