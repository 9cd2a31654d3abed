"""Random commands through GraphQL on a real product, and the model that has to agree about every one of them."""

from __future__ import annotations

from itertools import islice

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from tests.gateway.machine.asset_rules import Assets
from tests.gateway.machine.file_rules import Files
from tests.gateway.machine.link_rules import Links
from tests.gateway.machine.model import TAGS
from tests.gateway.machine.values import ASSETS, entries, paths, tags
from tests.gateway.machine.version_rules import Versions
from tests.gateway.machine.view import expected

VIEWS_AT_ONCE = 12
"""Their aliases together stay below the limit of a request."""


class LibraryMachine(Assets, Files, Versions, Links):
    """All rules together."""

    @initialize(tags=tags, metadata=entries, files=st.dictionaries(paths, st.binary(max_size=3), min_size=1))
    def begin(self, tags: list[str], metadata: dict[str, str], files: dict[str, bytes]) -> None:
        """Two assets with files, a version and a link, so that most commands have something to change."""
        self.give("createDatabase", lambda *_: None, description="of the machine", twice=False)
        for asset in ("cam", "lamp"):
            self.create_asset(asset, [tag for tag in tags if tag in TAGS], metadata, False)
            self.upload(asset, files)
            self.create_version(asset, "final", None, False)
            self.set_metadata(asset, next(iter(files)), False, metadata, False, False)
            self.create_version(asset, None, None, False)
        self.create_link(("cam", "lamp"), False, None, [], False)

    def teardown(self) -> None:
        """Every earlier position still shows what the model was then."""
        self.compare(*ASSETS)
        moments = ((position, library, asset) for position, library in self.past for asset in ASSETS)
        while some := list(islice(moments, VIEWS_AT_ONCE)):
            wanted = [expected(library, asset) for _, library, asset in some]
            found = self.read([(asset, position) for position, _, asset in some])
            for (position, _, asset), then, now in zip(some, wanted, found, strict=True):
                assert now == then, f"{asset} as of {position}"
