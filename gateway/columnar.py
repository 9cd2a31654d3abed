"""Where the columnar tables lie: below the data directory, or in the VAST DB that the settings name."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from gateway.settings import Settings
from projections.columnar.duckdb_delta.prints import DeltaPrints
from projections.columnar.prints.contracts import Prints

if TYPE_CHECKING:
    from projections.columnar.vast_db.prints import VastPrints


class VastUnusable(Exception):
    """The settings ask for VAST DB and something else that it takes is missing or wrong."""


def prints_of(settings: Settings) -> Prints:
    """The place of the prints; nothing is opened. Raises VastUnusable."""
    if settings.vastdb_endpoint:
        return vast_prints(settings)
    return DeltaPrints(str(settings.data_dir.resolve() / "columnar"))


def vast_prints(settings: Settings) -> VastPrints:
    """The prints in the VAST DB of the settings. Raises VastUnusable."""
    needed = ("vastdb_bucket", "vastdb_access_key", "vastdb_secret_key")
    missing = [f"INTERNEG_{name.upper()}" for name in needed if not getattr(settings, name)]
    if missing:
        raise VastUnusable(f"INTERNEG_VASTDB_ENDPOINT is set; {' and '.join(missing)} must be set too.")
    try:
        # The SDK takes a second to import, and is an extra.
        config = import_module("projections.columnar.vast_db.config")
        prints = import_module("projections.columnar.vast_db.prints")
    except ImportError as error:
        raise VastUnusable(
            f"INTERNEG_VASTDB_ENDPOINT is set, and the VAST SDK is not there ({error}): pip install 'interneg[vast]'."
        ) from error
    try:
        found: VastPrints = prints.VastPrints(
            config.VastDBConfig(
                endpoint=settings.vastdb_endpoint,
                access_key=settings.vastdb_access_key,
                secret_key=settings.vastdb_secret_key,
                bucket=settings.vastdb_bucket,
                schema=settings.vastdb_schema,
            )
        )
    except ValueError as error:
        raise VastUnusable(f"The INTERNEG_VASTDB_ variables cannot be meant: {error}.") from error
    return found
