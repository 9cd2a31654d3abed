"""The numbered versions of an asset as its commands see them: numbers, aliases, what is archived, the open revert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from domain.assets.errors import (
    AssetVersionAlreadyArchived,
    AssetVersionIsCurrent,
    AssetVersionNotArchived,
    AssetVersionNotFound,
    RevertInProgress,
    VersionAliasTaken,
)
from domain.assets.events import (
    AssetReverted,
    AssetRevertFailed,
    AssetRevertRequested,
    AssetVersionAliased,
    AssetVersionArchived,
    AssetVersionCreated,
    AssetVersionDescribed,
    AssetVersionUnarchived,
)

VersionEvent: TypeAlias = (
    AssetVersionCreated
    | AssetVersionDescribed
    | AssetVersionAliased
    | AssetVersionArchived
    | AssetVersionUnarchived
    | AssetRevertRequested
    | AssetReverted
    | AssetRevertFailed
)


@dataclass(frozen=True)
class Versions:
    """Every number from 1 to `newest` is a version; the newest is the current one."""

    newest: int = 0
    comments: Mapping[int, str] = field(default_factory=dict)
    aliases: Mapping[int, str] = field(default_factory=dict)
    archived: frozenset[int] = frozenset()
    reverts: int = 0
    """How many reverts were ever asked for."""
    open_revert: int | None = None
    """The one that is neither done nor failed."""

    def require(self, number: int) -> None:
        """Raise AssetVersionNotFound."""
        if not 1 <= number <= self.newest:
            raise AssetVersionNotFound(number)

    def require_free(self, alias: str | None, *, number: int | None = None) -> None:
        """Raise VersionAliasTaken when a version other than `number` has the alias, archived or not."""
        if alias is not None and any(taken == alias and owner != number for owner, taken in self.aliases.items()):
            raise VersionAliasTaken(alias)

    def require_archivable(self, number: int) -> None:
        """Raise AssetVersionNotFound, AssetVersionIsCurrent, AssetVersionAlreadyArchived."""
        self.require(number)
        if number == self.newest:
            raise AssetVersionIsCurrent(number)
        if number in self.archived:
            raise AssetVersionAlreadyArchived(number)

    def require_archived(self, number: int) -> None:
        """Raise AssetVersionNotFound, AssetVersionNotArchived."""
        self.require(number)
        if number not in self.archived:
            raise AssetVersionNotArchived(number)

    def require_revertible(self, number: int) -> None:
        """Raise AssetVersionNotFound, RevertInProgress."""
        self.require(number)
        if self.open_revert is not None:
            raise RevertInProgress

    def after(self, event: VersionEvent) -> Versions:
        """The versions after the event."""
        match event:
            case AssetVersionCreated():
                created = replace(self, newest=event.asset_version_id)
                return created._described(event.asset_version_id, event.comment)._named(
                    event.asset_version_id, event.version_alias
                )
            case AssetVersionDescribed():
                return self._described(event.asset_version_id, event.comment)
            case AssetVersionAliased():
                return self._named(event.asset_version_id, event.version_alias)
            case AssetVersionArchived():
                return replace(self, archived=self.archived | {event.asset_version_id})
            case AssetVersionUnarchived():
                return replace(self, archived=self.archived - {event.asset_version_id})
            case AssetRevertRequested():
                return replace(self, reverts=event.revert_id, open_revert=event.revert_id)
            case AssetReverted() | AssetRevertFailed():
                return replace(self, open_revert=None)

    def _described(self, number: int, comment: str) -> Versions:
        return replace(self, comments={**self.comments, number: comment})

    def _named(self, number: int, alias: str | None) -> Versions:
        others = {owner: taken for owner, taken in self.aliases.items() if owner != number}
        return replace(self, aliases={**others, number: alias} if alias else others)
