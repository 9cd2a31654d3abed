"""Commands on roles themselves."""

from __future__ import annotations

from domain.cause import Order
from domain.databases.database import check_description
from domain.ledger import Ledger
from domain.roles.errors import RoleAlreadyExists, RoleNotFound
from domain.roles.events import RoleCreated, RoleDeleted, RoleHoldersChanged
from domain.roles.role import ROLES, Role, check_role_name
from domain.stream import Change, Decision, Outcome, Stream
from domain.users.events import UserRolesSet
from domain.users.user import USERS


def create_role(
    ledger: Ledger, role_name: str, *, description: str, mfa_required: bool = False, order: Order
) -> Outcome:
    """Make a role that nobody holds. Raises RoleAlreadyExists, Invalid."""
    check_role_name(role_name)
    check_description(description)

    def decide() -> Decision:
        stream = ledger.load(ROLES, role_name)
        if stream.state and not stream.state.is_deleted:
            raise RoleAlreadyExists(role_name)
        event = RoleCreated(role_name=role_name, description=description, mfa_required=mfa_required)
        return Decision((stream.then(event),))

    return ledger.carry_out(order, decide)


def update_role(
    ledger: Ledger,
    role_name: str,
    *,
    description: str | None = None,
    mfa_required: bool | None = None,
    order: Order,
) -> Outcome:
    """Change what is given and differs; None leaves a value. Raises RoleNotFound, Invalid."""
    if description is not None:
        check_description(description)

    def decide() -> Decision:
        stream, role = load_role(ledger, role_name)
        stream.expect(order)
        return Decision((stream.then(*role.change(description=description, mfa_required=mfa_required)),))

    return ledger.carry_out(order, decide)


def delete_role(ledger: Ledger, role_name: str, *, order: Order) -> Outcome:
    """Remove the role, and take it from all who hold it, all at once. Raises RoleNotFound."""

    def decide() -> Decision:
        stream, role = load_role(ledger, role_name)
        stream.expect(order)
        holders = tuple(sorted(role.holders))
        taken = (RoleHoldersChanged(role_name=role_name, added=(), removed=holders),) if holders else ()
        change = stream.then(*taken, RoleDeleted(role_name=role_name))
        return Decision((*_without_role(ledger, role_name, holders), change))

    return ledger.carry_out(order, decide)


def load_role(ledger: Ledger, role_name: str) -> tuple[Stream[Role], Role]:
    """The stream and state of an existing role. Raises RoleNotFound."""
    stream = ledger.load(ROLES, role_name)
    if stream.state is None or stream.state.is_deleted:
        raise RoleNotFound(role_name)
    return stream, stream.state


def _without_role(ledger: Ledger, role_name: str, holders: tuple[str, ...]) -> list[Change]:
    changes = []
    for stream in ledger.load_many(USERS, [(user_id,) for user_id in holders]):
        assert stream.state is not None
        kept = tuple(name for name in stream.state.role_names if name != role_name)
        changes.append(stream.then(UserRolesSet(user_id=stream.state.user_id, role_names=kept)))
    return changes
