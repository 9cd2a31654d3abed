"""What a manifest is to hold: the switches of VAMS's export, and some that it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from domain.errors import Invalid

MOST_ASSETS = 10_000
MOST_DEPTH = 1_000
LONGEST_URL_SECONDS = 604_800


@dataclass(frozen=True)
class ExportOptions:
    """Each option has the name of its flag and of its parameter; see describe."""

    include_file_metadata: bool = True
    include_asset_metadata: bool = True
    include_asset_link_metadata: bool = True
    include_versions: bool = True
    include_comments: bool = True
    include_archived_files: bool = False
    include_archived_assets: bool = False
    include_only_primary_type_files: bool = False
    include_parent_relationships: bool = False
    fetch_asset_relationships: bool = True
    children_depth: int = 0
    max_assets: int = 100
    generate_presigned_urls: bool = False
    url_expires_seconds: int = 3600
    file_extensions: tuple[str, ...] = ()


HELP: Mapping[str, str] = {
    "include_file_metadata": "metadata and attributes of files",
    "include_asset_metadata": "metadata of assets",
    "include_asset_link_metadata": "metadata of links",
    "include_versions": "versions, with their files and the metadata they found",
    "include_comments": "comments",
    "include_archived_files": "archived files too",
    "include_archived_assets": "archived children too, in place of their names alone",
    "include_only_primary_type_files": "only files with a primary type",
    "include_parent_relationships": "links to parents too",
    "fetch_asset_relationships": "links of the assets, to related ones and children",
    "children_depth": f"how many levels of children become assets of the manifest, 0 to {MOST_DEPTH}",
    "max_assets": f"at most so many assets, 1 to {MOST_ASSETS}; the others are named",
    "generate_presigned_urls": "a URL for each file of an asset that is distributable",
    "url_expires_seconds": f"how long these are good, 1 to {LONGEST_URL_SECONDS}",
    "file_extensions": "only files with these extensions, as .exr",
}


def camel(name: str) -> str:
    """The name as a parameter: childrenDepth."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def options_of(given: Iterable[tuple[str, str]]) -> ExportOptions:
    """The options of parameters (`name`, text). Raises Invalid for an unknown name or a value that does not fit."""
    names = {camel(field.name): field.name for field in fields(ExportOptions)}
    changes: dict[str, Any] = {}
    for parameter, text in given:
        if parameter not in names:
            raise Invalid(f"There is no option {parameter!r}: give {', '.join(sorted(names))}.", path=(parameter,))
        changes[names[parameter]] = _value(parameter, text, getattr(ExportOptions(), names[parameter]))
    return checked(replace(ExportOptions(), **changes))


def checked(options: ExportOptions) -> ExportOptions:
    """The options, with extensions in lower case. Raises Invalid for a number that is too small or too large."""
    for name, least, most in (
        ("children_depth", 0, MOST_DEPTH),
        ("max_assets", 1, MOST_ASSETS),
        ("url_expires_seconds", 1, LONGEST_URL_SECONDS),
    ):
        if not least <= getattr(options, name) <= most:
            raise Invalid(f"{camel(name)} is {least} to {most}, not {getattr(options, name)}.", path=(camel(name),))
    for extension in options.file_extensions:
        if not extension.startswith("."):
            raise Invalid(f"An extension begins with its dot; {extension!r} does not.", path=("fileExtensions",))
    return replace(options, file_extensions=tuple(extension.lower() for extension in options.file_extensions))


def _value(parameter: str, text: str, default: Any) -> Any:
    if isinstance(default, bool):
        if text.lower() not in ("true", "false"):
            raise Invalid(f"{parameter} is true or false, not {text!r}.", path=(parameter,))
        return text.lower() == "true"
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        return int(text)
    except ValueError:
        raise Invalid(f"{parameter} is a whole number, not {text!r}.", path=(parameter,)) from None
