"""Commands on users."""

from __future__ import annotations

from domain.api_keys.api_key import API_KEYS, deletion
from domain.cause import Order
from domain.ledger import Ledger
from domain.roles.events import RoleHoldersChanged
from domain.roles.role import ROLES
from domain.stream import Change, Decision, Outcome, Stream
from domain.users.errors import UserAlreadyExists, UserNotFound
from domain.users.events import UserCreated, UserDeleted, UserEmailChanged
from domain.users.user import USERS, User, check_email, check_user_id


def create_user(ledger: Ledger, user_id: str, *, email: str, order: Order) -> Outcome:
    """Make a user known; a deleted one begins anew, without roles and keys. Raises UserAlreadyExists, Invalid."""
    check_user_id(user_id)
    check_email(email)

    def decide() -> Decision:
        stream = ledger.load(USERS, user_id)
        if stream.state and not stream.state.is_deleted:
            raise UserAlreadyExists(user_id)
        return Decision((stream.then(UserCreated(user_id=user_id, email=email)),))

    return ledger.carry_out(order, decide)


def update_user(ledger: Ledger, user_id: str, *, email: str, order: Order) -> Outcome:
    """Change the address. Raises UserNotFound, Invalid."""
    check_email(email)

    def decide() -> Decision:
        stream, user = load_user(ledger, user_id)
        stream.expect(order)
        events = () if email == user.email else (UserEmailChanged(user_id=user_id, email=email),)
        return Decision((stream.then(*events),))

    return ledger.carry_out(order, decide)


def delete_user(ledger: Ledger, user_id: str, *, order: Order) -> Outcome:
    """Remove the user, their roles and their keys, all at once. Raises UserNotFound."""

    def decide() -> Decision:
        stream, user = load_user(ledger, user_id)
        stream.expect(order)
        changes = (*_without_roles(ledger, user), *_without_keys(ledger, user))
        return Decision((*changes, stream.then(UserDeleted(user_id=user_id))))

    return ledger.carry_out(order, decide)


def load_user(ledger: Ledger, user_id: str) -> tuple[Stream[User], User]:
    """The stream and state of an existing user. Raises UserNotFound."""
    stream = ledger.load(USERS, user_id)
    if stream.state is None or stream.state.is_deleted:
        raise UserNotFound(user_id)
    return stream, stream.state


def _without_roles(ledger: Ledger, user: User) -> list[Change]:
    streams = ledger.load_many(ROLES, [(name,) for name in user.role_names])
    return [
        stream.then(RoleHoldersChanged(role_name=name, added=(), removed=(user.user_id,)))
        for name, stream in zip(user.role_names, streams, strict=True)
    ]


def _without_keys(ledger: Ledger, user: User) -> list[Change]:
    streams = ledger.load_many(API_KEYS, [(api_key_id,) for api_key_id in user.api_key_ids])
    return [
        change
        for stream in streams
        if stream.state and not stream.state.is_deleted
        for change in deletion(ledger, stream, stream.state)
    ]
