"""Refusals about tag types and tags."""

from __future__ import annotations

from domain.errors import AlreadyExists, Conflict, NotFound


class TagTypeNotFound(NotFound):
    """No tag type has this name."""

    def __init__(self, tag_type_name: str) -> None:
        super().__init__("tag type", tag_type_name, path=("tagTypeName",))


class TagTypeAlreadyExists(AlreadyExists):
    """The name of the type is taken."""

    def __init__(self, tag_type_name: str) -> None:
        super().__init__(f"There is already a tag type {tag_type_name!r}.", path=("tagTypeName",))


class TagTypeInUse(Conflict):
    """The type still has tags."""

    def __init__(self, tag_type_name: str, tags: int) -> None:
        super().__init__(
            f"The tag type {tag_type_name!r} has {tags} tags: delete them or give them another type first.",
            path=("tagTypeName",),
        )
        self.tags = tags


class TagNotFound(NotFound):
    """No tag has this name."""

    def __init__(self, tag_name: str, *, field: str = "tagName") -> None:
        super().__init__("tag", tag_name, path=(field,))


class TagAlreadyExists(AlreadyExists):
    """The name of the tag is taken, whatever its type."""

    def __init__(self, tag_name: str) -> None:
        super().__init__(f"There is already a tag {tag_name!r}.", path=("tagName",))


class TagInUse(Conflict):
    """Assets or links still have the tag."""

    def __init__(self, tag_name: str, uses: int) -> None:
        super().__init__(
            f"The tag {tag_name!r} is on {uses} assets or links, archived ones included: take it off them first.",
            path=("tagName",),
        )
        self.uses = uses


class RequiredTagTypeMissing(Conflict):
    """The tags leave out a type that every asset must have a tag of."""

    def __init__(self, tag_type_name: str) -> None:
        super().__init__(
            f"Assets need a tag of the type {tag_type_name!r}, and none of these is: add one.", path=("tags",)
        )
        self.tag_type_name = tag_type_name
