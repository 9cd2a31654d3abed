"""Who holds which role: recorded in the user's stream and in each role's, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.cause import Order
from domain.ledger import Ledger
from domain.roles.errors import RoleAlreadyHeld, RoleNotFound, UserRolesNotFound
from domain.roles.events import RoleHoldersChanged
from domain.roles.role import ROLES
from domain.stream import Change, Decision, Outcome
from domain.users.commands import load_user
from domain.users.events import UserRolesSet
from domain.users.user import User


def create_user_roles(ledger: Ledger, user_id: str, *, role_names: Sequence[str], order: Order) -> Outcome:
    """Give roles to a user who holds none of them. Raises UserNotFound, RoleNotFound, RoleAlreadyHeld."""

    def more(user: User) -> tuple[str, ...]:
        for name in role_names:
            if name in user.role_names:
                raise RoleAlreadyHeld(user_id, name)
        return (*user.role_names, *role_names)

    return _set_roles(ledger, user_id, more, order=order)


def update_user_roles(ledger: Ledger, user_id: str, *, role_names: Sequence[str], order: Order) -> Outcome:
    """Replace the user's roles by these. Raises UserNotFound, RoleNotFound."""
    return _set_roles(ledger, user_id, lambda _: tuple(role_names), order=order)


def delete_user_roles(ledger: Ledger, user_id: str, *, order: Order) -> Outcome:
    """Take every role from the user. Raises UserNotFound, UserRolesNotFound when there is none."""

    def none(user: User) -> tuple[str, ...]:
        if not user.role_names:
            raise UserRolesNotFound(user_id)
        return ()

    return _set_roles(ledger, user_id, none, order=order)


def _set_roles(ledger: Ledger, user_id: str, choose: Callable[[User], tuple[str, ...]], *, order: Order) -> Outcome:
    def decide() -> Decision:
        stream, user = load_user(ledger, user_id)
        stream.expect(order)
        wanted = tuple(sorted(set(choose(user))))
        if wanted == user.role_names:
            return Decision(())
        changed = sorted(set(wanted) ^ set(user.role_names))
        changes = _holders(ledger, changed, user_id, wanted=wanted)
        return Decision((*changes, stream.then(UserRolesSet(user_id=user_id, role_names=wanted))))

    return ledger.carry_out(order, decide)


def _holders(ledger: Ledger, role_names: list[str], user_id: str, *, wanted: tuple[str, ...]) -> list[Change]:
    changes = []
    streams = ledger.load_many(ROLES, [(name,) for name in role_names])
    for name, stream in zip(role_names, streams, strict=True):
        if stream.state is None or stream.state.is_deleted:
            raise RoleNotFound(name, path=("roleNames",))
        added, removed = ((user_id,), ()) if name in wanted else ((), (user_id,))
        changes.append(stream.then(RoleHoldersChanged(role_name=name, added=added, removed=removed)))
    return changes
