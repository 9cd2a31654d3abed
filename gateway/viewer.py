"""Viewer: who asks."""

from __future__ import annotations

import strawberry

from gateway.context import Context, Info


@strawberry.type(description="Who asks, as the server knows them.")
class Viewer:
    """The principal of the request."""

    id: str = strawberry.field(description="Actor as events name it, as user:developer.")
    kind: str = strawberry.field(description="user, api-key, processor or system.")


def viewer(info: Info) -> Viewer:
    """The principal of this request."""
    context: Context = info.context
    principal = context.principal
    return Viewer(id=f"{principal.kind}:{principal.id}", kind=principal.kind.value)
