"""Serves the GraphiQL page and its built assets; without a build, a page that says how to ask without one."""

from __future__ import annotations

import gzip
import html
import json
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
TABS = _HERE / "tabs.json"

# Monaco sets style attributes, and GraphiQL's style sheet carries its fonts; scripts come from here alone.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "worker-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_SECURITY = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_ONE_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Build:
    """What `build.mjs` left in a folder: hashed file names, all beside each other."""

    folder: Path
    script: str
    style: str
    icon: str
    assets: frozenset[str]


def find_build(folder: Path) -> Build | None:
    """The build in a folder; None when there is none, as in a checkout before `make setup`."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return None
    facts = json.loads(manifest.read_text())
    return Build(folder, facts["script"], facts["style"], facts["icon"], frozenset(facts["assets"]))


def graphiql_routes(
    *, endpoint: str = "/graphql", needs_key: bool = False, static: Path = STATIC, tabs: Path = TABS
) -> Sequence[BaseRoute]:
    """`/graphiql` and its assets; with `needs_key` the page asks for an API key and sends it with everything.

    `tabs` is a JSON list of objects with `query` and, where wanted, `variables` and `headers`. It and the
    build's manifest are read here, once: a new build is served after a restart.
    """
    opened: list[dict[str, str]] = json.loads(tabs.read_text())
    build = find_build(static)
    attributes = {"endpoint": endpoint, "needs-key": json.dumps(needs_key), "tabs": json.dumps(opened)}
    page = _fallback_page(endpoint, opened) if build is None else _page(build, attributes)

    async def show_page(_: Request) -> Response:
        return HTMLResponse(page, headers={**_SECURITY, "cache-control": "no-cache"})

    async def show_asset(request: Request) -> Response:
        if build is None or request.path_params["name"] not in build.assets:
            raise HTTPException(404)
        accepts_gzip = "gzip" in request.headers.get("accept-encoding", "")
        return _asset(build.folder / request.path_params["name"], accepts_gzip=accepts_gzip)

    return [Route("/graphiql", show_page), Route("/graphiql/assets/{name}", show_asset)]


def _asset(path: Path, *, accepts_gzip: bool) -> Response:
    """A built file. Only its compressed form is stored; the rare client without gzip has it unpacked here."""
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = {**_SECURITY, "cache-control": _ONE_YEAR, "vary": "accept-encoding"}
    packed = path.with_name(f"{path.name}.gz")
    if not packed.is_file():
        return FileResponse(path, media_type=media_type, headers=headers)
    if accepts_gzip:
        return FileResponse(packed, media_type=media_type, headers={**headers, "content-encoding": "gzip"})
    return Response(gzip.decompress(packed.read_bytes()), media_type=media_type, headers=headers)


def _page(build: Build, attributes: dict[str, str]) -> str:
    data = " ".join(f'data-{name}="{html.escape(value)}"' for name, value in attributes.items())
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>interneg GraphiQL</title>
<link rel="icon" href="/graphiql/assets/{build.icon}">
<link rel="stylesheet" href="/graphiql/assets/{build.style}">
<style>body {{ margin: 0 }} #graphiql {{ height: 100dvh }}</style>
</head>
<body>
<div id="graphiql" {data}>
<noscript>GraphiQL needs JavaScript. Without it, post queries to <code>{attributes["endpoint"]}</code>.</noscript>
</div>
<script type="module" src="/graphiql/assets/{build.script}"></script>
</body>
</html>
"""


def _fallback_page(endpoint: str, tabs: list[dict[str, str]]) -> str:
    examples = "\n".join(f"<pre>{html.escape(_curl(endpoint, tab['query']))}</pre>" for tab in tabs)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>interneg GraphQL</title>
<link rel="icon" href="data:,">
<style>
body {{ font: 16px/1.5 sans-serif; margin: 3em auto; max-width: 50em }}
pre {{ background: #eee; padding: 1em; white-space: pre-wrap }}
</style>
</head>
<body>
<h1>GraphQL is served at <code>{html.escape(endpoint)}</code></h1>
<p>GraphiQL has not been built here: run <code>make setup</code> and start again. From a shell:</p>
{examples}
</body>
</html>
"""


def _curl(endpoint: str, query: str) -> str:
    wanted = "text/event-stream" if query.lstrip().startswith("subscription") else "application/graphql-response+json"
    body = json.dumps({"query": query})
    quoted = body.replace("'", "'\\''")
    return f"""curl -N "http://$HOST{endpoint}" -H 'Accept: {wanted}' \\
  -H 'Content-Type: application/json' -d '{quoted}'"""
