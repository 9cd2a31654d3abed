"""What commands are given: a few of each, so that they meet."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from tests.gateway.machine.model import TAGS
from tests.gateway.machine.view import PATHS

ASSETS = ("cam", "lamp", "room")
ABSENT = "00000000-0000-0000-0000-000000000000"

assets = st.sampled_from(("cam", "cam", "cam", "lamp", "lamp", "room", "never"))
seldom = st.sampled_from(("room", "lamp", "cam", "never"))
paths = st.sampled_from(tuple(path for path in PATHS if path != "b.exr"))
free = st.sampled_from(("b.exr", "b.exr", "b.exr", *PATHS))
"""Paths that files go to, most of them where nothing else goes."""
words = st.sampled_from(("one", "two", "three"))
entries = st.dictionaries(st.sampled_from(("lens", "note", "take")), words, max_size=3)
tags = st.lists(st.sampled_from((*TAGS, *TAGS, "ghost")), max_size=2, unique=True)
folders = st.sampled_from(("in", "in/deep", "empty", "README"))
picks = st.sampled_from((0, 0, 0, 1, 1, 2, 3))
numbers = st.sampled_from((1, 1, 1, 2, 2, 3, 9))
aliases = st.none() | st.sampled_from(("", "final", "wip"))


def inputs(given: Mapping[str, str]) -> list[dict[str, str]]:
    """Entries as a mutation takes them."""
    return [{"key": key, "value": value} for key, value in given.items()]
