"""The GraphQL-over-HTTP audit of npm's graphql-http, against a real uvicorn."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.required import require

GRAPHIQL = Path(__file__).parents[3] / "gateway" / "graphiql"


def test_every_check_of_the_audit_is_ok(toy_url: str) -> None:
    # The PyPI wheel of Node puts `node` beside `python`, which is where the set-up finds it too.
    node = shutil.which("node") or shutil.which("node", path=Path(sys.executable).parent)
    require(node is not None, "there is no node.")
    require((GRAPHIQL / "node_modules" / "graphql-http").is_dir(), "graphql-http is absent: run make setup.")
    audit = subprocess.run(
        [str(node), Path(__file__).with_name("audit.mjs"), GRAPHIQL / "package.json", f"{toy_url}/graphql"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert [json.loads(line) for line in audit.stdout.splitlines()] == [{"checks": 61}]
