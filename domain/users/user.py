"""The user aggregate: address, roles and keys."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from domain.errors import Invalid
from domain.stream import Aggregate
from domain.users.events import UserApiKeyAdded, UserCreated, UserDeleted, UserEmailChanged, UserEvent, UserRolesSet

USER_ID = re.compile(r"[\w\-.+@]{3,256}", re.ASCII)
EMAIL = re.compile(r"[\w\-.+]{1,64}@([a-zA-Z0-9-]{1,63}\.)+[a-zA-Z0-9-]{2,63}", re.ASCII)


@dataclass(frozen=True)
class User:
    """What commands need to know of a user."""

    user_id: str
    email: str
    role_names: tuple[str, ...] = ()
    api_key_ids: tuple[str, ...] = ()
    """Of every key that was ever made for the user; some may be deleted."""
    is_deleted: bool = False


def check_user_id(user_id: str) -> None:
    """Raise Invalid unless it is 3 to 256 ASCII letters, digits or _ - . + @."""
    if not USER_ID.fullmatch(user_id):
        raise Invalid(f"A user id is 3 to 256 letters, digits or _ - . + @; {user_id[:80]!r} is not.", path=("userId",))


def check_email(email: str) -> None:
    """Raise Invalid unless it is a mail address with a dot in its domain."""
    if not EMAIL.fullmatch(email):
        raise Invalid(f"{email[:80]!r} is no mail address.", path=("email",))


def evolve(user: User | None, event: UserEvent) -> User:
    """The user after the event."""
    if isinstance(event, UserCreated):
        return User(event.user_id, event.email)
    assert user is not None
    match event:
        case UserEmailChanged():
            return replace(user, email=event.email)
        case UserRolesSet():
            return replace(user, role_names=event.role_names)
        case UserApiKeyAdded():
            return replace(user, api_key_ids=(*user.api_key_ids, event.api_key_id))
        case UserDeleted():
            return replace(user, is_deleted=True)
    raise TypeError(f"{type(event).__name__} is not an event of a user")


USERS = Aggregate("user", evolve)
