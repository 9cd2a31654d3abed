"""The command `interneg` as a later release might be: every print has another shape, and one event a second version."""

from __future__ import annotations

from domain.assets.events import AssetDescribed
from domain.json import JsonValue

LIFTED = " (lifted)"


def _lift(event: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {**event, "description": f"{event['description']}{LIFTED}"}


if __name__ == "__main__":
    AssetDescribed.CLASS_VERSION = 2
    AssetDescribed.UPCASTS = {1: _lift}  # type: ignore[attr-defined]
    # Imported late, because the catalogue of events is made at import.
    import tests.system.reshaped  # noqa: F401 - it changes the shapes
    from gateway.cli import main
    from projections.search.opensearch.projection import OpenSearchProjection

    # Its shape was made from that of the class it extends before that one was changed.
    OpenSearchProjection.shape += 1

    raise SystemExit(main())
