"""What is compared: everything GraphQL shows of an asset, and the same said by the model."""

from __future__ import annotations

from typing import Any

from tests.gateway.machine.model import Asset, Entries, File, Library, Version, View

PATHS = ("README", "a.0001.exr", "a.0002.exr", "b.exr", "in/notes.txt")
"""In the order of their names, as the API has it."""
OF_PATHS = " ".join(f'of{n}: metadata(path: "{path}") {{ key value }}' for n, path in enumerate(PATHS))
VIEW = f"""
fragment View on Asset {{
  assetName description isDistributable tags archived archivedReason assetType metadata {{ key value }}
  currentVersion {{ assetVersionId }}
  folders(includeArchived: true) {{ path fileCount sizeBytes isMade }}
  files(includeArchived: true) {{ totalCount edges {{ node {{
    path sizeBytes s3VersionId archived primaryType metadata {{ key value }} attributes {{ key value }}
    versions {{ s3VersionId sizeBytes assetVersionIds }} }} }} }}
  versions(includeArchived: true) {{ totalCount edges {{ node {{
    assetVersionId versionAlias comment isArchived isCurrent metadata {{ key value }} {OF_PATHS}
    files {{ edges {{ node {{ path s3VersionId sizeBytes isLatest permanentlyDeleted }} }} }} }} }} }}
  listed: versions {{ edges {{ node {{ assetVersionId }} }} }}
  links {{
    parents(includeArchived: true) {{ ...Link }} children(includeArchived: true) {{ ...Link }}
    related(includeArchived: true) {{ ...Link }} toActive: children {{ assetLinkId }} }} }}
fragment Link on AssetLink {{
  assetLinkId relationshipType assetLinkAliasId tags from {{ assetId }} to {{ assetId }} metadata {{ key value }} }}
"""


def shown(answer: Any) -> Any:
    """An answer with its connections as lists, and links, whose ids are random, in order of their ids."""
    if isinstance(answer, list):
        return [shown(one) for one in answer]
    if not isinstance(answer, dict):
        return answer
    if "edges" in answer:
        nodes = [shown(edge["node"]) for edge in answer["edges"]]
        assert answer.get("totalCount", len(nodes)) == len(nodes)
        return nodes
    found = {key: shown(value) for key, value in answer.items()}
    if "toActive" in found:
        return {key: sorted(links, key=lambda link: link["assetLinkId"]) for key, links in found.items()}
    return found


def expected(library: Library, asset_id: str) -> View | None:
    """The model's asset in the words of the API."""
    if asset_id not in library.assets:
        return None
    asset = library.assets[asset_id]
    numbers = range(len(asset.versions), 0, -1)
    return {
        "assetName": asset.name,
        "description": asset.description,
        "isDistributable": asset.is_distributable,
        "tags": asset.tags,
        "archived": asset.is_archived,
        "archivedReason": asset.reason,
        "assetType": asset.type(),
        "metadata": _entries(asset.metadata),
        "currentVersion": {"assetVersionId": str(len(asset.versions))} if asset.versions else None,
        "folders": [_folder(asset, path) for path in sorted(_folders(asset))],
        "files": [_file(asset, path) for path in sorted(asset.present())],
        "versions": [_version(asset, number) for number in numbers],
        "listed": [{"assetVersionId": str(n)} for n in numbers if not asset.versions[n - 1].is_archived],
        "links": _links(library, asset_id),
    }


def _entries(entries: Entries) -> list[View]:
    return [{"key": key, "value": value} for key, value in sorted(entries.items())]


def _folders(asset: Asset) -> set[str]:
    """Those at the top of the asset."""
    return {path.partition("/")[0] for path in asset.present() if "/" in path} | {
        path.partition("/")[0] for path in asset.folders
    }


def _folder(asset: Asset, path: str) -> View:
    files = [file for name, file in asset.present().items() if name.startswith(f"{path}/")]
    size = sum(file.sizes[file.latest] for file in files)
    return {"path": path, "fileCount": len(files), "sizeBytes": size, "isMade": path in asset.folders}


def _file(asset: Asset, path: str) -> View:
    file = asset.files[path]
    return {
        "path": path,
        "sizeBytes": file.sizes[file.latest],
        "s3VersionId": file.latest,
        "archived": file.is_archived,
        "primaryType": file.primary_type,
        "metadata": _entries(file.metadata),
        "attributes": _entries(file.attributes),
        "versions": [_file_version(asset, path, version) for version in reversed(file.sizes)],
    }


def _file_version(asset: Asset, path: str, version: str) -> View:
    holders = [str(n) for n, one in enumerate(asset.versions, 1) if one.files.get(path) == version]
    return {"s3VersionId": version, "sizeBytes": asset.files[path].sizes[version], "assetVersionIds": holders}


def _version(asset: Asset, number: int) -> View:
    version = asset.versions[number - 1]
    return {
        "assetVersionId": str(number),
        "versionAlias": version.alias,
        "comment": version.comment,
        "isArchived": version.is_archived,
        "isCurrent": number == len(asset.versions),
        "metadata": _entries(version.metadata),
        **{f"of{n}": _entries(version.file_metadata.get(path, {})) for n, path in enumerate(PATHS)},
        "files": [_version_file(asset, version, path) for path in sorted(version.files)],
    }


def _version_file(asset: Asset, version: Version, path: str) -> View:
    file: File = asset.files[path]
    held = version.files[path]
    return {
        "path": path,
        "s3VersionId": held,
        "sizeBytes": {**file.erased, **file.sizes}[held],
        "isLatest": file.is_there and file.latest == held,
        "permanentlyDeleted": held in file.erased,
    }


def _links(library: Library, asset_id: str) -> View:
    ids = sorted(library.links)
    trees = [i for i in ids if library.links[i].kind == "PARENT_CHILD"]
    children = [i for i in trees if library.links[i].start == asset_id]
    pairs = [i for i in ids if library.links[i].kind == "RELATED"]
    related = [i for i in pairs if asset_id in (library.links[i].start, library.links[i].end)]
    active = [i for i in children if not library.assets[library.links[i].end].is_archived]
    return {
        "parents": [_link(library, i) for i in trees if library.links[i].end == asset_id],
        "children": [_link(library, i) for i in children],
        "related": [_link(library, i) for i in related],
        "toActive": [{"assetLinkId": i} for i in active],
    }


def _link(library: Library, link_id: str) -> View:
    link = library.links[link_id]
    return {
        "assetLinkId": link_id,
        "relationshipType": link.kind,
        "assetLinkAliasId": link.alias,
        "tags": link.tags,
        "from": {"assetId": link.start},
        "to": {"assetId": link.end},
        "metadata": _entries(link.metadata),
    }
