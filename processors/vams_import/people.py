"""Users, roles, who holds which, API keys, subscriptions and features."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from uuid import uuid5

from domain.api_keys.commands import import_api_key, update_api_key
from domain.api_keys.events import ApiKeyCreated
from domain.event import NAMESPACE
from domain.features.commands import create_feature
from domain.roles.assignments import create_user_roles
from domain.roles.commands import create_role
from domain.subscriptions.commands import create_subscription
from domain.subscriptions.events import Channel
from domain.users.commands import create_user
from processors.vams_import.session import Session
from processors.vams_import.staging import Row
from processors.vams_import.values import is_date_alone, moment, text, texts, truth

ROLE_ATTRIBUTES = {"roleName", "description", "mfaRequired"}
USER_ATTRIBUTES = {"userId", "email"}
KEY_ATTRIBUTES = {"apiKeyId", "apiKeyName", "apiKeyHash", "userId", "description", "isActive"}


def import_people(session: Session) -> None:
    """Roles, users, and which roles they hold; then keys, which act as users who hold one."""
    for row in session.staging.of_table("RolesStorageTable"):
        _import_role(session, row)
    emails = {row.key[0]: text(row.get("email")) for row in session.staging.of_table("UserStorageTable")}
    known = {row.key[0] for row in session.staging.of_table("UserStorageTable") if _import_user(session, row)}
    for row in session.staging.of_table("UserRolesStorageTable"):
        _import_holding(session, row, known)
    for row in session.staging.of_table("ApiKeyStorageTable"):
        _import_key(session, row)
    for row in session.staging.of_table("AppFeatureEnabledStorageTable"):
        session.attempt(row, partial(create_feature, session.ledger, row.key[0]), may_exist=True)
    for row in session.staging.of_table("SubscriptionsStorageTable"):
        _import_subscription(session, row, emails)


def _import_role(session: Session, row: Row) -> None:
    command = partial(
        create_role,
        session.ledger,
        row.key[0],
        description=session.description(row),
        mfa_required=truth(row.get("mfaRequired")),
    )
    if session.attempt(row, command, may_exist=True):
        session.came_from(row, "role", (row.key[0],), ROLE_ATTRIBUTES)


def _import_user(session: Session, row: Row) -> bool:
    email = text(row.get("email"))
    if not email and "@" in row.key[0]:
        email = row.key[0]
        session.change(row, "it has no address: its id is used, which is one")
    made = session.attempt(row, partial(create_user, session.ledger, row.key[0], email=email), may_exist=True)
    if made:
        session.came_from(row, "user", (row.key[0],), USER_ATTRIBUTES)
    return made is not None


def _import_holding(session: Session, row: Row, known: set[str]) -> None:
    """One role of one user; VAMS gives roles to users that its table of users lacks."""
    user_id, role_name = row.key
    if user_id not in known and "@" in user_id:
        if session.attempt(row, partial(create_user, session.ledger, user_id, email=user_id), may_exist=True) is None:
            return
        known.add(user_id)
        session.change(row, f"the user {user_id!r} is in no table and was made")
    command = partial(create_user_roles, session.ledger, user_id, role_names=(role_name,))
    session.attempt(row, command, may_exist=True)


def _import_key(session: Session, row: Row) -> None:
    """A key by its hash, which is VAMS's own, so that the raw key stays good."""
    expires_at = moment(row.get("expiresAt"))
    if row.get("expiresAt") and expires_at is None:
        session.refuse(row, f"its expiry {text(row.get('expiresAt'))!r} is no date")
        return
    if expires_at and is_date_alone(row.get("expiresAt")):
        expires_at += timedelta(days=1)
        session.change(row, f"it ends with the day {text(row.get('expiresAt'))}; VAMS never ended it")
    key = ApiKeyCreated(
        api_key_id=row.key[0],
        api_key_name=text(row.get("apiKeyName")),
        api_key_hash=text(row.get("apiKeyHash")).lower(),
        user_id=text(row.get("userId")),
        description=text(row.get("description")),
        expires_at=expires_at,
    )
    if session.attempt(row, partial(import_api_key, session.ledger, key)) is None:
        return
    if not truth(row.get("isActive"), otherwise=True):
        command = partial(update_api_key, session.ledger, row.key[0], is_active=False)
        session.amend(row, command, otherwise="it was not switched off")
    session.came_from(row, "api-key", (row.key[0],), KEY_ATTRIBUTES | {"expiresAt"})


def _import_subscription(session: Session, row: Row, emails: Mapping[str, str]) -> None:
    """Mail to each subscriber about every event of the asset, which is what VAMS sends."""
    kind, _, asset_id = row.key[1].partition("#")
    databases = session.staging.databases_of(asset_id)
    if kind != "Asset" or len(databases) != 1:
        found = f"{len(databases)} databases have" if databases else "no database has"
        session.refuse(row, f"{found} an asset {asset_id!r}, and the row names none")
        return
    for user_id in texts(row.get("subscribers")):
        command = partial(
            create_subscription,
            session.ledger,
            str(uuid5(NAMESPACE, ":".join(("vams-subscription", *row.key, user_id)))),
            entity=(databases[0], asset_id),
            event_types=(),
            channel=Channel.MAIL,
            target=emails.get(user_id) or user_id,
            policy=session.rules.delivery,
            subscriber_id=f"user:{user_id}",
        )
        session.amend(row, command, otherwise=f"the subscription of {user_id!r} was not taken over")
