"""Refusals about roles and who holds them."""

from __future__ import annotations

from domain.errors import AlreadyExists, NotFound


class RoleNotFound(NotFound):
    """No role has this name."""

    def __init__(self, role_name: str, *, path: tuple[str, ...] = ("roleName",)) -> None:
        super().__init__("role", role_name, path=path)


class RoleAlreadyExists(AlreadyExists):
    """The role name is taken."""

    def __init__(self, role_name: str) -> None:
        super().__init__(f"There is already a role {role_name!r}.", path=("roleName",))


class RoleAlreadyHeld(AlreadyExists):
    """The user holds the role already."""

    def __init__(self, user_id: str, role_name: str) -> None:
        super().__init__(f"The user {user_id!r} holds the role {role_name!r} already.", path=("roleNames",))


class UserRolesNotFound(NotFound):
    """The user holds no role."""

    def __init__(self, user_id: str) -> None:
        super().__init__("role of user", user_id, path=("userId",))
