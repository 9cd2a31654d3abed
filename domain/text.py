"""Which texts can be stored everywhere: in the log, in Postgres, in JSON."""

from __future__ import annotations

from domain.errors import Invalid


def is_storable(text: str) -> bool:
    """False for a text with a NUL, which Postgres can't hold, or half a surrogate pair, which UTF-8 can't."""
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text))


def require_text(text: str, *, name: str, longest: int) -> None:
    """Raise Invalid unless the text says something and check_text() lets it pass."""
    check_text(text, name=name, longest=longest)
    if not text.strip():
        raise Invalid(f"{name} must say something.", path=(name,))


def check_text(text: str | None, *, name: str, longest: int) -> None:
    """Raise Invalid when the text is longer than `longest` characters or can't be stored. None passes."""
    if text is not None and (len(text) > longest or not is_storable(text)):
        raise Invalid(
            f"{name} has at most {longest} characters, no NUL and no half of a surrogate pair; this has {len(text)}.",
            path=(name,),
        )
