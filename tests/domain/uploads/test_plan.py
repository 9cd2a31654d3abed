"""How files are cut into parts."""

from __future__ import annotations

import pytest

from domain.errors import DomainError, Invalid
from domain.uploads.errors import UploadTooLarge
from domain.uploads.plan import LARGEST_PART_BYTES, MIB, PlannedPart, part_size, parts

GIB = 1 << 30


@pytest.mark.parametrize(
    ("size_bytes", "wanted", "expected"),
    [
        (0, None, 64 * MIB),
        (1, None, 64 * MIB),
        (640_000 * MIB, None, 64 * MIB),
        (640_000 * MIB + 1, None, 64 * MIB + 1),
        (10_000 * 5 * GIB, None, 5 * GIB),
        (100, 5 * MIB, 5 * MIB),
        (50_000 * MIB, 5 * MIB, 5 * MIB),
        (100, 5 * GIB, 5 * GIB),
    ],
)
def test_parts_are_large_enough_for_ten_thousand_to_suffice(size_bytes: int, wanted: int | None, expected: int) -> None:
    assert part_size(size_bytes, wanted=wanted, field=("files", "0")) == expected
    assert len(range(0, size_bytes, expected)) <= 10_000


@pytest.mark.parametrize(
    ("size_bytes", "wanted", "error", "field"),
    [
        (-1, None, Invalid, "sizeBytes"),
        (100, 5 * MIB - 1, Invalid, "partSizeBytes"),
        (100, LARGEST_PART_BYTES + 1, Invalid, "partSizeBytes"),
        (100, 0, Invalid, "partSizeBytes"),
        (50_000 * MIB + 1, 5 * MIB, UploadTooLarge, "sizeBytes"),
        (10_000 * LARGEST_PART_BYTES + 1, None, UploadTooLarge, "sizeBytes"),
    ],
)
def test_a_size_no_plan_fits_is_refused(
    size_bytes: int, wanted: int | None, error: type[DomainError], field: str
) -> None:
    with pytest.raises(error) as caught:
        part_size(size_bytes, wanted=wanted, field=("files", "0"))
    assert type(caught.value) is error
    assert caught.value.path == ("files", "0", field)


def test_parts_follow_each_other_and_the_last_holds_the_rest() -> None:
    assert parts(25, 10) == [PlannedPart(1, 0, 10), PlannedPart(2, 10, 10), PlannedPart(3, 20, 5)]
    assert parts(20, 10) == [PlannedPart(1, 0, 10), PlannedPart(2, 10, 10)]
    assert parts(1, 10) == [PlannedPart(1, 0, 1)]


def test_an_empty_file_has_no_part() -> None:
    assert parts(0, 10) == []
