"""One event of every class about people: comments, subscriptions, users, roles, keys and constraints."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from domain.api_keys.events import ApiKeyChanged, ApiKeyCreated, ApiKeyDeleted, ApiKeyNameFreed, ApiKeyNameTaken
from domain.comments.events import Anchor, CommentCreated, CommentDeleted, CommentEdited
from domain.constraints.events import (
    ConstraintChanged,
    ConstraintCreated,
    ConstraintDeleted,
    ConstraintTerms,
    Criterion,
    GroupPermission,
    UserPermission,
)
from domain.constraints.vocabulary import ObjectType, Operator, Permission, PermissionType
from domain.event import Event
from domain.features.events import FeatureCreated, FeatureDeleted
from domain.roles.events import RoleChanged, RoleCreated, RoleDeleted, RoleHoldersChanged
from domain.subscriptions.events import Channel, SubscriptionChanged, SubscriptionCreated, SubscriptionDeleted
from domain.users.events import UserApiKeyAdded, UserCreated, UserDeleted, UserEmailChanged, UserRolesSet

COMMENT: Any = {"database_id": "shows", "asset_id": "shot_010", "comment_id": "x2"}
ANCHOR = Anchor(asset_version_id=3, path="a.exr", s3_version_id="v1", first_frame=-1, last_frame=9)
EXPIRY = datetime(2027, 4, 1, tzinfo=UTC)
TERMS = ConstraintTerms(
    name="Shows",
    description="Reading shows",
    object_type=ObjectType.ASSET,
    criteria_and=(Criterion(field="databaseId", operator=Operator.EQUALS, value="shows"),),
    criteria_or=(Criterion(field="tags", operator=Operator.IS_NOT_ONE_OF, value="locked"),),
    group_permissions=(
        GroupPermission(group_id="artists", permission=Permission.GET, permission_type=PermissionType.ALLOW),
    ),
    user_permissions=(UserPermission(user_id="ada", permission=Permission.PUT, permission_type=PermissionType.DENY),),
)

PEOPLE_SAMPLES: tuple[Event, ...] = (
    CommentCreated(
        **COMMENT,
        comment_body="Too dark\nat the edge",
        comment_owner_id="user:ada",
        anchor=ANCHOR,
        thread_id="x1",
        reply_to="x1",
    ),
    CommentEdited(**COMMENT, comment_body="Too bright"),
    CommentDeleted(**COMMENT),
    FeatureCreated(feature_name="GOVCLOUD"),
    FeatureDeleted(feature_name="GOVCLOUD"),
    SubscriptionCreated(
        subscription_id="s1",
        subscriber_id="user:ada",
        entity_database_id="shows",
        entity_asset_id="shot_010",
        topics=("asset-renamed",),
        channel=Channel.WEBHOOK,
        target="https://example.org/hook",
    ),
    SubscriptionChanged(
        subscription_id="s1",
        topics=("asset-renamed",),
        target="https://example.org/hook",
        is_active=False,
        secret_generation=2,
    ),
    SubscriptionDeleted(subscription_id="s1"),
    UserCreated(user_id="ada", email="ada@example.org"),
    UserEmailChanged(user_id="ada", email="ada@example.org"),
    UserRolesSet(user_id="ada", role_names=("artists", "leads")),
    UserApiKeyAdded(user_id="ada", api_key_id="k1"),
    UserDeleted(user_id="ada"),
    RoleCreated(role_name="artists", description="They paint", mfa_required=True),
    RoleChanged(role_name="artists", description="They paint", mfa_required=True),
    RoleHoldersChanged(role_name="artists", added=("ada",), removed=("grace",)),
    RoleDeleted(role_name="artists"),
    ApiKeyCreated(
        api_key_id="k1",
        api_key_name="farm",
        api_key_hash="29719942ed3c095a" * 4,
        user_id="ada",
        description="Renders",
        expires_at=EXPIRY,
    ),
    ApiKeyChanged(api_key_id="k1", description="Renders", is_active=False, expires_at=EXPIRY),
    ApiKeyDeleted(api_key_id="k1"),
    ApiKeyNameTaken(api_key_name="farm", api_key_id="k1"),
    ApiKeyNameFreed(api_key_name="farm"),
    ConstraintCreated(constraint_id="shows-read", terms=TERMS),
    ConstraintChanged(constraint_id="shows-read", terms=TERMS),
    ConstraintDeleted(constraint_id="shows-read"),
)
