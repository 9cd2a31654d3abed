"""A Range header names one stretch of a body, or is ignored."""

from __future__ import annotations

import pytest

from gateway.objects.ranges import RangeUnsatisfiable, requested_range


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-4", (2, 5)),
        ("bytes=2-", (2, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=9-99", (9, 10)),
        ("Bytes=0-1", (0, 2)),
    ],
)
def test_one_range_is_start_and_end(header: str, expected: tuple[int, int]) -> None:
    assert requested_range(header, 10) == expected


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes=-",
        "bytes=a-b",
        "bytes=4-2",
        "bytes=0-1,3-4",
        "lines=0-1",
        "bytes",
        "bytes=0-" + "9" * 5000,
    ],
)
def test_what_is_no_single_range_is_ignored(header: str | None) -> None:
    assert requested_range(header, 10) is None


@pytest.mark.parametrize(("header", "size_bytes"), [("bytes=10-", 10), ("bytes=0-", 0), ("bytes=-0", 10)])
def test_a_range_past_the_end_is_unsatisfiable(header: str, size_bytes: int) -> None:
    with pytest.raises(RangeUnsatisfiable) as refused:
        requested_range(header, size_bytes)
    assert refused.value.size_bytes == size_bytes
