"""A small generated log, made once for the tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from domain.buckets.commands import register_bucket
from gateway.demo.studio.generate import generate
from gateway.ledger.opening import OpenLedger, open_ledger
from tests.gateway.demo.studio.making import EVENTS, SEED, order


@pytest.fixture
def log(database_url: str) -> Iterator[OpenLedger]:
    """A log with one bucket, and then a generated part."""
    with open_ledger(database_url) as opened:
        bucket = register_bucket(opened.ledger, "assets", base_assets_prefix="/", order=order())
        generate(opened.recorder, bucket.result["bucketId"], events=EVENTS, seed=SEED, tell=lambda _done, _wanted: None)
        yield opened
