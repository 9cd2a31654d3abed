"""Questions on the corpus with the documents that answer them, judged by hand.

A set says which documents answer, in any order; a list says the order too. An asset is named
`database:asset`, a file `database:asset:path`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from projections.search.queries import GeoCircle, MetadataCriterion, SearchEntity, SearchFilter


class Question(NamedTuple):
    """What is asked and what answers."""

    name: str
    text: str
    answer: set[str] | list[str]
    filter: SearchFilter = SearchFilter()


HERO, VILLAIN, CAFE, HARBOUR = "films:hero-robot", "films:villain-robot", "films:cafe-set", "scans:harbour"
SHOT_010, SHOT_020 = "films:shot-010", "films:shot-020"
FIJI, SAMOA, POLE = "plates:fiji", "plates:samoa", "plates:pole"
TOKYO, STRAW, LOGO = "plates:tokyo", "films:straw", "films:old-logo"

HERO_FILES = {
    f"{HERO}:{path}" for path in ("model/HeroRobot_v001.abc", "model/HeroRobot_v002.abc", "lookdev/turntable_hero.mov")
}
VILLAIN_FILES = {f"{VILLAIN}:model/VillainRobot_v001.abc", f"{VILLAIN}:slate.txt"}
CAFE_FILES = {f"{CAFE}:{path}" for path in ("scan/cafe_front.ply", "scan/cafe_back.ply", "reference/IMG_2041.JPG")}
HARBOUR_FILES = {f"{HARBOUR}:points/harbour.e57", f"{HARBOUR}:README"}
LOGO_FILE = f"{LOGO}:logo_final.png"
STRAW_FILES = {f"{STRAW}:O'Brien's take; DROP TABLE.txt", f"{STRAW}:100%_done.txt"}
TOKYO_FILE = f"{TOKYO}:夜景/tower_0007.jpg"
PASSES = ("beauty", "depth", "cryptoObject")


def frames(shot: str, render_pass: str, numbers: Iterable[int] = range(1001, 1025)) -> set[str]:
    return {f"films:shot-{shot}:renders/{render_pass}/shot_{shot}_{render_pass}.{number}.exr" for number in numbers}


def shot_files(shot: str) -> set[str]:
    rendered = {frame for render_pass in PASSES for frame in frames(shot, render_pass)}
    return rendered | {f"films:shot-{shot}:comp/shot_{shot}_comp_v003.mov"}


def props(numbers: Iterable[int]) -> set[str]:
    return {f"props:prop-{number:03}" for number in numbers}


def prop_files(number: int, kind: str) -> set[str]:
    name = f"{kind}{number:03}"
    paths = (
        f"{name}.fbx",
        f"tex/{name}_diffuse.1001.tif",
        f"tex/{name}_diffuse.1002.tif",
        f"tex/{name}_normal.1001.tif",
        f"preview/{name}.png",
    )
    return {f"props:prop-{number:03}:{path}" for path in paths}


KINDS = {0: "chair", 1: "table", 2: "lamp", 3: "shelf"}
CHAIRS = range(4, 21, 4)


def metadata(key: str, **given: str | GeoCircle) -> SearchFilter:
    return SearchFilter(metadata=(MetadataCriterion(key=key, **given),))  # type: ignore[arg-type]


def circle(latitude: float, longitude: float, radius_meters: float) -> GeoCircle:
    return GeoCircle(latitude=latitude, longitude=longitude, radius_meters=radius_meters)


ASSETS = (SearchEntity.ASSET,)
FILES = (SearchEntity.FILE,)
ASSETS_ONLY = SearchFilter(entity_types=ASSETS)
FILES_ONLY = SearchFilter(entity_types=FILES)
FIRST_BEAUTY = {frame for s in ("010", "020") for frame in frames(s, "beauty", [1001])}
FIRST_FRAMES = {frame for s in ("010", "020") for p in PASSES for frame in frames(s, p, [1001])}

WORDS = (
    Question("a word of a name", "villain", {VILLAIN} | VILLAIN_FILES),
    Question("a word finds the name before the description", "hero", [HERO, VILLAIN], ASSETS_ONLY),
    Question("case does not matter", "VILLAIN", {VILLAIN} | VILLAIN_FILES),
    Question("all words must be found", "robot chrome", {VILLAIN}),
    Question("words may be in different fields", "character final", {HERO}),
    Question("words in any order", "door robot hero rusty brass", set()),
    Question("a word of the description", "photogrammetry", {HARBOUR}),
    Question("a word of a version comment", "silhouette", {HERO}),
    Question("a tag", "brand", {LOGO, LOGO_FILE}, SearchFilter(include_archived=True)),
    Question("archived documents are left out", "brand", set()),
    Question("an asset id", "prop-007", props([7])),
    Question("an excluded word", "robot -chrome", {HERO}, SearchFilter(entity_types=ASSETS, tags_any=("character",))),
    Question("an excluded phrase", 'robot -"brass joints"', {VILLAIN, SHOT_010, SHOT_020}, ASSETS_ONLY),
    Question("only an exclusion", "-prop -plate -shot", {HERO, VILLAIN, CAFE, HARBOUR, STRAW}, ASSETS_ONLY),
    Question("an excluded word is never unfinished", "robot -chro", {HERO, VILLAIN, SHOT_010, SHOT_020}, ASSETS_ONLY),
    Question("a word nobody has", "xylophone", set()),
    Question("signs are no words", "!!! ???", set()),
    Question("signs beside words are ignored", "villain & |", {VILLAIN} | VILLAIN_FILES),
)

PREFIXES = (
    Question("the last word may be unfinished", "vill", {VILLAIN} | VILLAIN_FILES),
    Question("a word before the last may not", "vill robot", set()),
    Question("a blank finishes the word", "vill ", set()),
    Question("an unfinished second word", "hero rob", {HERO} | HERO_FILES | {VILLAIN}),
    Question("an unfinished number as it is written", "shot_02", {SHOT_020} | shot_files("020")),
    Question("an unfinished file name", "cafe_fr", {f"{CAFE}:scan/cafe_front.ply"}),
)

PHRASES = (
    Question("a phrase", '"brass joints"', {HERO}),
    Question("a phrase keeps its order", '"joints brass"', set()),
    Question("a phrase does not span fields", '"robot rusty"', set()),
    Question("a phrase is finished", '"brass join"', set()),
    Question("a phrase takes numbers as written", '"shot 10"', set()),
    Question("a phrase of a file name", '"shot 010 depth 1003"', frames("010", "depth", [1003])),
    Question("an unclosed quote", '"brass joints', {HERO}),
    Question("a phrase and a word", '"first frame" zips', FIRST_BEAUTY),
    Question("a phrase in metadata", '"work in progress"', {VILLAIN}),
)

NAMES = (
    Question("parts of a file name", "shot_010", {SHOT_010} | shot_files("010")),
    Question("parts with a dash", "shot-020", {SHOT_020} | shot_files("020")),
    Question("parts stand side by side", "shot_beauty", set()),
    Question("parts as words", "beauty 020 1012", frames("020", "beauty", [1012])),
    Question("a frame", "beauty.1012", frames("010", "beauty", [1012]) | frames("020", "beauty", [1012])),
    Question("a whole file name", "shot_010_depth.1003.exr", frames("010", "depth", [1003])),
    Question("a path", "beauty/shot_010_beauty.1004", frames("010", "beauty", [1004])),
    Question("a number without its padding", "tower_7", {TOKYO_FILE}),
    Question("a number with other padding", "chair 0008", props([8]) | prop_files(8, "chair")),
    Question("digits end a word", "chair008", props([8]) | prop_files(8, "chair")),
    Question("a version number", "HeroRobot_v2", {f"{HERO}:model/HeroRobot_v002.abc"}),
    Question(
        "a hump of a camelCase name",
        "object 1005",
        frames("010", "cryptoObject", [1005]) | frames("020", "cryptoObject", [1005]),
    ),
    Question(
        "a camelCase name in one word",
        "cryptoobject.1024",
        frames("010", "cryptoObject", [1024]) | frames("020", "cryptoObject", [1024]),
    ),
    Question(
        "a camelCase name as it is",
        "cryptoObject 1002",
        frames("010", "cryptoObject", [1002]) | frames("020", "cryptoObject", [1002]),
    ),
    Question("two words for a camelCase name", "villainrobot", {f"{VILLAIN}:model/VillainRobot_v001.abc"}),
    Question("an extension", "e57", {f"{HARBOUR}:points/harbour.e57"}),
    Question("upper case names", "img_2041", {f"{CAFE}:reference/IMG_2041.JPG"}),
)

LANGUAGES = (
    Question("accents may be left out", "cafe zurich", {CAFE} | CAFE_FILES),
    Question("accents may be given", "café", {CAFE} | CAFE_FILES),
    Question("accents in metadata", "muller", {HERO}),
    Question("a sharp s", "strasse", {STRAW} | STRAW_FILES),
    Question("ideographs", "東京", {TOKYO, TOKYO_FILE}),
    Question("ideographs inside a name", "夜景", {TOKYO, TOKYO_FILE}),
    Question("ideographs in another order", "京東", set()),
)

TYPING_ERRORS = (
    Question("two letters exchanged", "vilalin", {VILLAIN} | VILLAIN_FILES),
    Question("a letter missing", "photogrametry", {HARBOUR}),
    Question("a wrong letter", "harbeur", {HARBOUR} | HARBOUR_FILES),
    Question("a letter too many", "zurrich", {CAFE} | CAFE_FILES),
    Question("an error beside a right word", "hero robto", {HERO} | HERO_FILES | {VILLAIN}),
    Question(
        "an error inside a file name", "beuaty.1012", frames("010", "beauty", [1012]) | frames("020", "beauty", [1012])
    ),
    Question("an exchange in a short word", "hsot_010", {SHOT_010} | shot_files("010")),
    Question("numbers are never corrected", "shot_011", set()),
    Question("phrases are never corrected", '"bras joints"', set()),
    Question("three letters are never corrected", "abd", set()),
    Question("too many errors", "wyllein", set()),
    Question("what is found as typed is not corrected", "lamp 002", props([2]) | prop_files(2, "lamp")),
)

FILTERS = (
    Question("assets only", "", {SHOT_010, SHOT_020}, SearchFilter(entity_types=ASSETS, tags_any=("shot",))),
    Question("files only", "harbour", HARBOUR_FILES, FILES_ONLY),
    Question("a database", "", {HARBOUR} | HARBOUR_FILES, SearchFilter(database_ids=("scans",))),
    Question(
        "two databases",
        "plate",
        {FIJI, SAMOA, POLE, TOKYO},
        SearchFilter(entity_types=ASSETS, database_ids=("plates", "scans")),
    ),
    Question("an unknown database", "", set(), SearchFilter(database_ids=("nowhere",))),
    Question("an asset type", "", {LOGO, LOGO_FILE}, SearchFilter(asset_types=(".png",), include_archived=True)),
    Question(
        "any of two tags",
        "",
        {HERO, VILLAIN, HARBOUR},
        SearchFilter(entity_types=ASSETS, tags_any=("hero", "scan", "character")),
    ),
    Question("all of two tags", "", {HARBOUR} | HARBOUR_FILES, SearchFilter(tags_all=("exterior", "scan"))),
    Question("tags are whole", "", set(), SearchFilter(tags_any=("charact",))),
    Question(
        "extensions with and without dot", "", CAFE_FILES | {TOKYO_FILE}, SearchFilter(file_extensions=("ply", ".JPG"))
    ),
    Question(
        "everything at once",
        "chair012 diffuse",
        {f for f in prop_files(12, "chair") if "diffuse" in f},
        SearchFilter(
            entity_types=FILES,
            database_ids=("props",),
            tags_all=("prop", "oak"),
            tags_any=("oak",),
            asset_types=("folder",),
            file_extensions=("tif",),
            metadata=(),
        ),
    ),
)

METADATA = (
    Question("a key", "", {CAFE, HARBOUR, FIJI, SAMOA, POLE}, metadata("place")),
    Question("a value", "", {HERO}, metadata("status", equals="final")),
    Question("equality is exact", "", set(), metadata("status", equals="Final")),
    Question("a substring in any case", "", {VILLAIN}, metadata("status", contains="K IN PRO")),
    Question("a substring without accents", "", {HERO}, metadata("artist", contains="oe mull")),
    Question("signs in a substring mean themselves", "", {HARBOUR}, metadata("coverage", contains="0%")),
    Question("an underscore means itself", "", set(), metadata("licence", contains="CC_BY")),
    Question("numbers from", "", props(range(18, 21)), metadata("height", gte="180")),
    Question("numbers to", "", props(range(1, 4)), metadata("height", lte="3e1")),
    Question("numbers between", "", {VILLAIN}, metadata("polygons", gte="95000.5", lte="119999.99")),
    Question("dates from", "", {VILLAIN}, metadata("approved", gte="2026-02-11")),
    Question("the end of a day", "", {HERO, VILLAIN}, metadata("approved", gte="2026-02-10", lte="2026-03-01")),
    Question("an instant", "", {VILLAIN}, metadata("approved", gte="2026-03-01T08:00:00Z", lte="2026-03-01T08:00:00Z")),
    Question("no number is a date", "", set(), metadata("height", gte="2020-01-01")),
    Question("a range of two kinds", "", set(), metadata("height", gte="1", lte="2026-01-01")),
    Question("an attribute of files", "", FIRST_BEAUTY, metadata("compression", equals="zips")),
    Question("internal keys are not indexed", "", set(), metadata("VAMS_internal", equals="omega")),
    Question("values under internal keys are no words", "omega", set()),
    Question(
        "two criteria",
        "",
        props([20]),
        SearchFilter(
            metadata=(MetadataCriterion(key="wood", equals="oak"), MetadataCriterion(key="height", gte="190"))
        ),
    ),
    Question("metadata and text", "take", FIRST_FRAMES, metadata("note", contains="first")),
    Question("near Zürich", "", {CAFE}, metadata("place", within=circle(47.37, 8.54, 2_000))),
    Question("in Europe", "", {CAFE, HARBOUR}, metadata("place", within=circle(50, 9, 1_000_000))),
    Question("a circle of no size", "", {CAFE}, metadata("place", within=circle(47.3769, 8.5417, 0))),
    Question("across the antimeridian", "", {FIJI, SAMOA}, metadata("place", within=circle(-16.8, 180, 20_000))),
    Question("one side of the antimeridian", "", {FIJI}, metadata("place", within=circle(-16.8, 179.9, 6_000))),
    Question("over the pole", "", {POLE}, metadata("place", within=circle(89.9, -60, 30_000))),
    Question("around the world", "", {CAFE, HARBOUR, FIJI, SAMOA, POLE}, metadata("place", within=circle(0, 0, 3e7))),
)

HOSTILE = (
    Question("a quote of SQL", "'; DROP TABLE search.documents; --", set()),
    Question("a name that looks like SQL", "O'Brien's take; DROP", {f"{STRAW}:O'Brien's take; DROP TABLE.txt"}),
    Question("operators of tsquery", "villain:* <-> !robot | (", {VILLAIN} | VILLAIN_FILES),
    Question("a backslash", "\\", set()),
    Question("placeholders", "%s %(p0)s {0}", set()),
    Question("a NUL", "villain\x00", {VILLAIN} | VILLAIN_FILES),
    Question("half a character", "\ud800", set()),
    Question("a percent sign", "100%_done", {f"{STRAW}:100%_done.txt"}),
    Question("SQL in a filter", "", set(), SearchFilter(database_ids=("films' OR true --",))),
    Question("SQL in metadata", "", set(), metadata("status' OR true --", contains="' OR true --")),
)

ORDERS = (
    Question(
        "equal files in the order of their names",
        "comp",
        [f"films:shot-{s}:comp/shot_{s}_comp_v003.mov" for s in ("010", "020")],
    ),
    Question("the exact word before a longer one", "shot 010 beauty 1001", sorted(frames("010", "beauty", [1001]))),
    Question("frames in their order", "shot_010 depth", sorted(frames("010", "depth"))),
    Question(
        "without text what changed last comes first",
        "",
        [TOKYO, POLE, SAMOA, FIJI],
        SearchFilter(entity_types=ASSETS, database_ids=("plates",)),
    ),
    Question("two letters wrong in a long word", "vimlaun", {VILLAIN} | VILLAIN_FILES),
)

QUESTIONS = (*WORDS, *PREFIXES, *PHRASES, *NAMES, *LANGUAGES, *TYPING_ERRORS, *FILTERS, *METADATA, *HOSTILE, *ORDERS)
