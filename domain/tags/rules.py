"""What names of tags and tag types, and lists of tags, may look like (rules of VAMS, `vams.md` 0.1 and 1.15)."""

from __future__ import annotations

from domain.errors import Invalid
from domain.text import check_text

MAX_NAME_LENGTH = 256
MAX_TAGS = 100


def check_name(name: str, *, field: str) -> None:
    """Raise Invalid unless it has 1 to 256 printable characters and no blanks at its ends."""
    if not 1 <= len(name) <= MAX_NAME_LENGTH or not name.isprintable() or name != name.strip():
        raise Invalid(
            f"A tag has 1 to {MAX_NAME_LENGTH} printable characters and no blanks at its ends; {name[:80]!r} does not.",
            path=(field,),
        )


def check_description(description: str | None) -> None:
    """Raise Invalid for more than 256 characters; none at all is fine. None passes."""
    check_text(description, name="description", longest=256)


def check_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """The tags in order, each once. Raises Invalid for one that no tag could be named, or for more than 100."""
    for tag in tags:
        check_name(tag, field="tags")
    unique = tuple(dict.fromkeys(tags))
    if len(unique) > MAX_TAGS:
        raise Invalid(f"At most {MAX_TAGS} tags are allowed, not {len(unique)}.", path=("tags",))
    return unique
