"""Refusals about users."""

from __future__ import annotations

from domain.errors import AlreadyExists, NotFound


class UserNotFound(NotFound):
    """No user has this id."""

    def __init__(self, user_id: str) -> None:
        super().__init__("user", user_id, path=("userId",))


class UserAlreadyExists(AlreadyExists):
    """The user id is taken."""

    def __init__(self, user_id: str) -> None:
        super().__init__(f"There is already a user {user_id!r}.", path=("userId",))
