"""The GraphiQL page over a small build of the test's own, and the page that stands in without a build."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from graphql import parse, validate
from starlette.applications import Starlette

from gateway.graphiql.page import TABS, graphiql_routes
from gateway.schema import build_schema
from tests.gateway.asking import Asker

SCRIPT = b"console.log('graphiql')"
TAB = {"query": 'query A { hello(name: "it\'s <b>") }'}


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A build with one packed asset and one that is stored as it is, beside a file that is no asset."""
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "main-1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "logo-1.png").write_bytes(b"png")
    (folder / "THIRD-PARTY-NOTICES.txt").write_text("notices")
    facts = {"script": "main-1.js", "style": "main-1.css", "icon": "icon-1.svg"}
    (folder / "manifest.json").write_text(json.dumps({**facts, "assets": ["main-1.js", "logo-1.png"]}))
    return folder


def page(static: Path, tmp_path: Path) -> Asker:
    tabs = tmp_path / "tabs.json"
    tabs.write_text(json.dumps([TAB]))
    return Asker(Starlette(routes=graphiql_routes(static=static, tabs=tabs)))


def test_the_page_refers_to_hashed_assets_and_carries_the_tabs(static: Path, tmp_path: Path) -> None:
    response = page(static, tmp_path).request("GET", "/graphiql")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    assert '<script type="module" src="/graphiql/assets/main-1.js"></script>' in response.text
    assert 'data-endpoint="/graphql"' in response.text
    assert "hello(name: \\&quot;it&#x27;s &lt;b&gt;\\&quot;)" in response.text


def test_the_policy_of_the_page_allows_scripts_and_connections_of_this_host_alone(static: Path, tmp_path: Path) -> None:
    policy = page(static, tmp_path).request("GET", "/graphiql").headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert {rules[name] for name in ("script-src", "connect-src", "worker-src")} == {"'self'"}
    assert "//" not in policy


@pytest.mark.parametrize(("accepts", "packed"), [("gzip, br", "gzip"), ("identity", None)])
def test_an_asset_is_sent_packed_to_who_can_unpack_it(
    static: Path, tmp_path: Path, accepts: str, packed: str | None
) -> None:
    response = page(static, tmp_path).request("GET", "/graphiql/assets/main-1.js", headers={"accept-encoding": accepts})
    assert response.content == SCRIPT
    assert response.headers.get("content-encoding") == packed
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["vary"] == "accept-encoding"


def test_an_asset_that_does_not_shrink_is_sent_as_it_is(static: Path, tmp_path: Path) -> None:
    response = page(static, tmp_path).request("GET", "/graphiql/assets/logo-1.png")
    assert (response.content, response.headers["content-type"]) == (b"png", "image/png")


@pytest.mark.parametrize(
    "name", ["manifest.json", "THIRD-PARTY-NOTICES.txt", "main-1.js.gz", "..%2Ftabs.json", "%2e%2e/tabs.json"]
)
def test_only_assets_that_the_manifest_names_are_served(static: Path, tmp_path: Path, name: str) -> None:
    assert page(static, tmp_path).request("GET", f"/graphiql/assets/{name}").status_code == 404


def test_without_a_build_the_page_shows_how_to_ask_from_a_shell(tmp_path: Path) -> None:
    response = page(tmp_path / "nowhere", tmp_path).request("GET", "/graphiql")
    assert response.status_code == 200
    assert "make setup" in response.text
    assert "<script" not in response.text
    assert "curl -N" in response.text
    assert "it&#x27;\\&#x27;&#x27;s &lt;b&gt;" in response.text


def test_the_tabs_of_the_product_are_operations_of_its_schema() -> None:
    tabs = json.loads(TABS.read_text())
    schema = build_schema()._schema
    documents = [parse(tab["query"]) for tab in tabs]
    assert [validate(schema, document) for document in documents] == [[]] * 3
    assert [document.definitions[0].operation.value for document in documents] == ["query", "mutation", "subscription"]  # type: ignore[attr-defined]
    assert list(json.loads(tabs[1]["variables"])) == ["input"]


@pytest.mark.parametrize("needs_key", [True, False])
def test_the_page_knows_whether_to_ask_for_a_key(static: Path, tmp_path: Path, needs_key: bool) -> None:
    tabs = tmp_path / "tabs.json"
    tabs.write_text(json.dumps([TAB]))
    served = Asker(Starlette(routes=graphiql_routes(static=static, tabs=tabs, needs_key=needs_key)))
    assert f'data-needs-key="{str(needs_key).lower()}"' in served.request("GET", "/graphiql").text
