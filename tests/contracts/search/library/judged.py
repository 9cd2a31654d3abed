"""Questions about the library, each with what is meant by it in terms that the oracle can read documents by."""

from __future__ import annotations

from typing import NamedTuple

from projections.search.queries import GeoCircle, MetadataCriterion, SearchEntity, SearchFilter
from tests.contracts.search.library.oracle import Wanted, anything, every, last, like, whole, without, words

NO_FILTER = SearchFilter()
ASSETS = SearchFilter(entity_types=(SearchEntity.ASSET,))
FILES = SearchFilter(entity_types=(SearchEntity.FILE,))


class Judged(NamedTuple):
    """A question, and what is meant by it."""

    name: str
    text: str
    hits: int
    """Documents that answer, written down so that a change of the library or the oracle is seen."""
    wanted: Wanted
    filter: SearchFilter = NO_FILTER


def metadata(*criteria: MetadataCriterion, **narrowed: object) -> SearchFilter:
    return SearchFilter(metadata=criteria, **narrowed)  # type: ignore[arg-type]


def entry(key: str, **given: str | GeoCircle) -> MetadataCriterion:
    return MetadataCriterion(key=key, **given)  # type: ignore[arg-type]


def near(latitude: float, longitude: float, *, meters: float) -> GeoCircle:
    return GeoCircle(latitude=latitude, longitude=longitude, radius_meters=meters)


WORDS = (
    Judged("a sequence by its name", "lighthouse ", 279, words("lighthouse")),
    Judged("two words of a name", "glacier crossing ", 268, every(words("glacier"), words("crossing"))),
    Judged("words of two fields", "handheld opera ", 2, every(words("handheld"), words("opera"))),
    Judged("a word of descriptions", "drizzle ", 71, words("drizzle")),
    Judged("a word of a version comment", "silhouette ", 149, words("silhouette")),
    Judged("a word of metadata", "riegl ", 142, words("riegl")),
    Judged("a donor", "whitcombe ", 213, words("whitcombe")),
    Judged("a maker and his model", "leica rtc360 ", 143, every(words("leica"), words("rtc", 360))),
    Judged("a material among other words", "bronze amphora ", 28, every(words("bronze"), words("amphora"))),
    Judged("accents left out", "zurich viaduct ", 24, every(words("zurich"), words("viaduct"))),
    Judged("accents given", "Reykjavík tunnel ", 24, every(words("reykjavik"), words("tunnel"))),
    Judged("a dotted capital", "istanbul ", 147, words("istanbul")),
    Judged("an artist in capitals", "MÜLLER ROBOT ", 3, every(words("muller"), words("robot"))),
    Judged("an excluded word", "compass -insert ", 50, every(words("compass"), without(words("insert")))),
    Judged("an excluded file type", "rusty -usd ", 72, every(words("rusty"), without(words("usd")))),
    Judged(
        "an excluded phrase",
        'fog -"operator takeover" ',
        54,
        every(words("fog"), without(words("operator", "takeover"))),
    ),
    Judged("a word nobody has", "zeppelin ", 0, words("zeppelin")),
    Judged("words of two libraries", "forklift amphora ", 0, every(words("forklift"), words("amphora"))),
    Judged("a firmware", "v3.12 ", 8, words("v", 3, 12)),
    Judged("a camera", "alexa 35 ", 212, every(words("alexa"), words(35)), ASSETS),
    Judged("a tag of two words", '"delivery drone" ', 350, words("delivery", "drone")),
)

TYPING = (
    Judged("one letter", "q", 630, words(last("q"))),
    Judged("two letters", "as", 70, words(last("as")), ASSETS),
    Judged("three letters", "ast", 260, words(last("ast"))),
    Judged("most of a word", "astrolab", 210, words(last("astrolab"))),
    Judged("the whole word", "astrolabe", 210, words(last("astrolabe"))),
    Judged("a second word", "attic am", 26, every(words("attic"), words(last("am")))),
    Judged("a name going on", "kitchen fire sh", 30, every(words("kitchen"), words("fire"), words(last("sh"))), ASSETS),
    Judged("a shot as one types", "shot_01", 25, words("shot", last("01")), ASSETS),
    Judged("the same shot, finished", "shot_010", 25, words("shot", last("010")), ASSETS),
    Judged("a file name as one types", "sq07_shot_120_pl", 1, words("sq", 7, "shot", 120, last("pl"))),
    Judged("a camelCase name as one types", "rustyrob", 3, words(last("rustyrob"))),
    Judged("an accession number as one types", "1923.1.", 3, words(1923, last("1"))),
    Judged("a word that is not the last", "astrol moche", 0, every(words("astrol"), words(last("moche")))),
)

PHRASES = (
    Judged("a phrase", '"near miss with pedestrian"', 91, words("near", "miss", "with", "pedestrian")),
    Judged("its words in another order", '"miss near"', 0, words("miss", "near")),
    Judged(
        "a phrase in a file name", '"shot 010 beauty 0002"', 25, words("shot", whole("010"), "beauty", whole("0002"))
    ),
    Judged("numbers of phrases are as written", '"shot 10"', 0, words("shot", whole("10"))),
    Judged("a phrase and a word", '"lock gate" hamburg', 24, every(words("lock", "gate"), words(last("hamburg")))),
    Judged("two phrases", '"low sun" "emergency stop"', 21, every(words("low", "sun"), words("emergency", "stop"))),
    Judged("a phrase over two fields", '"amphora amphora"', 0, words("amphora", "amphora")),
    Judged(
        "a phrase in metadata", '"gift of the alvarado family"', 239, words("gift", "of", "the", "alvarado", "family")
    ),
)

NAMES = (
    Judged(
        "a shot's frames of one pass", "shot_020 cryptoobject ", 18, every(words("shot", 20), words("cryptoobject"))
    ),
    Judged("a hump of a pass", "crypto 0010 ", 212, every(words("crypto"), words(10)), FILES),
    Judged("pass and frame", "beauty.0001", 745, words("beauty", last("0001"))),
    Judged("pass and frame in other padding", "beauty.1 ", 745, words("beauty", 1)),
    Judged("a whole name", "shot_150_beauty.0010.exr", 25, words("shot", 150, "beauty", 10, last("exr"))),
    Judged("a folder and a name", "beauty/shot_230", 75, words("beauty", "shot", last("230"))),
    Judged("parts that are not neighbours", "shot_beauty ", 0, words("shot", "beauty")),
    Judged("a version", "RustyRobot_v2 ", 1, words("rusty", "robot", "v", 2)),
    Judged("a sequence in any padding", "sq7_shot_30 comp ", 1, every(words("sq", 7, "shot", 30), words("comp"))),
    Judged("an accession number", "1923.1.7 ", 3, words(1923, 1, 7)),
    Judged("an accession number of a file", "1923.1.7_back ", 0, words(1923, 1, 7, "back")),
    Judged("a camera's images", "cam_front_left png ", 202, every(words("cam", "front", "left"), words("png"))),
    Judged("a frame of a camera", "cam_rear/000148 ", 1, words("cam", "rear", 148)),
    Judged("a tile", "b3dm 12 ", 60, every(words("b", 3, "dm"), words(12))),
    Judged("a point cloud by its ending", "epoch06 e57 ", 60, every(words("epoch", 6), words("e", 57))),
    Judged("a bag", "run0451.mcap", 1, words("run", 451, last("mcap"))),
    Judged(
        "a texture",
        "velvet_chandelier diffuse 1001 ",
        1,
        every(words("velvet", "chandelier"), words("diffuse"), words(1001)),
    ),
)

CORRECTED = (
    Judged("letters exchanged", "beuaty.0010 ", 745, words(like("beuaty", strokes=1), 10)),
    Judged("a letter missing", "astrolbe ", 210, words(like("astrolbe", strokes=2))),
    Judged("a wrong letter", "telescobe ", 50, words(like("telescobe", strokes=2))),
    Judged("a letter too many", "harbbour ", 278, words(like("harbbour", strokes=2))),
    Judged("a wrong first letter", "kaptain ", 135, words(like("kaptain", strokes=2))),
    Judged("two slips in a long word", "chandeleir ", 50, words(like("chandeleir", strokes=2))),
    Judged("two exchanges in a long word", "lihgthuose ", 279, words(like("lihgthuose", strokes=2))),
    Judged("two slips in a short word", "jdaa ", 0, words(like("jdaa", strokes=1))),
    Judged("an exchange and a letter too many", "telescoepp ", 50, words(like("telescoepp", strokes=2))),
    Judged("a short word", "jdae ", 284, words(like("jdae", strokes=1))),
    Judged(
        "beside a right word",
        "attic amphroa ",
        26,
        every(words(like("attic", strokes=1)), words(like("amphroa", strokes=2))),
    ),
    Judged(
        "two words wrong",
        "forklfit emergncy ",
        21,
        every(words(like("forklfit", strokes=2)), words(like("emergncy", strokes=2))),
    ),
    Judged("a camelCase name", "RustyRobto_v002 ", 1, words(like("rustyrobto", strokes=2), "v", 2)),
    Judged("a number is as it is", "shot_9999 ", 0, words("shot", 9999)),
    Judged("not when something answers", "silver ", 229, words("silver")),
    Judged("a name with accents", "reykjavki ", 144, words(like("reykjavki", strokes=2))),
    Judged("an unfinished word", "observatroy", 284, words(like("observatroy", strokes=2))),
)

FILTERS = (
    Judged("a whole database", "", 1750, anything, SearchFilter(database_ids=("robotics",))),
    Judged("two databases", "front ", 751, words("front"), SearchFilter(database_ids=("robotics", "museum"))),
    Judged("assets with a tag", "", 102, anything, SearchFilter(entity_types=ASSETS.entity_types, tags_any=("jade",))),
    Judged("a tag of two words", "", 500, anything, SearchFilter(tags_any=("delivery drone", "incident"))),
    Judged("both tags", "", 150, anything, SearchFilter(tags_all=("forklift", "incident"))),
    Judged("half a tag", "", 0, anything, SearchFilter(tags_any=("delivery",))),
    Judged("extensions", "", 550, anything, SearchFilter(file_extensions=("e57", ".MCAP"))),
    Judged("an asset type", "", 600, anything, SearchFilter(asset_types=(".tif",))),
    Judged("with what is archived", "reliquary ", 150, words("reliquary"), SearchFilter(include_archived=True)),
    Judged("without what is archived", "reliquary ", 141, words("reliquary")),
    Judged(
        "everything at once",
        "diffuse ",
        16,
        words("diffuse"),
        SearchFilter(
            entity_types=FILES.entity_types,
            database_ids=("northlight", "museum"),
            asset_types=("folder",),
            tags_any=("mossy", "gilded"),
            tags_all=("prop",),
            file_extensions=("tif",),
        ),
    ),
)

METADATA = (
    Judged("a key", "", 891, anything, metadata(entry("accession number"))),
    Judged("equality", "", 173, anything, metadata(entry("license", equals="internal_only"))),
    Judged("equality minds case", "", 0, anything, metadata(entry("license", equals="Internal_only"))),
    Judged("a substring", "", 213, anything, metadata(entry("provenance", contains="BEQUEST"))),
    Judged("a substring without accents", "", 132, anything, metadata(entry("artist", contains="omas iba"))),
    Judged("an underscore in a substring", "", 173, anything, metadata(entry("license", contains="l_o"))),
    Judged("a boolean", "", 42, anything, metadata(entry("is hero", equals="true"), tags_any=("prop",))),
    Judged("a controlled value", "opera ", 6, words("opera"), metadata(entry("status", equals="pending review"))),
    Judged("numbers from", "", 62, anything, metadata(entry("polygons", gte="1500000"))),
    Judged("numbers between", "", 24, anything, metadata(entry("height cm", gte="12.5", lte="17.7"))),
    Judged("negative numbers", "", 26, anything, metadata(entry("year made", lte="-600"))),
    Judged("across zero", "", 14, anything, metadata(entry("year made", gte="-20", lte="2e1"))),
    Judged("a number of files and assets", "", 120, anything, metadata(entry("accuracy mm", lte="5"))),
    Judged("a number of files only", "", 60, anything, metadata(entry("accuracy mm", lte="5"), entry("points"))),
    Judged("dates of a century", "", 139, anything, metadata(entry("acquired", gte="1880-01-01", lte="1899-12-31"))),
    Judged("one day", "", 2, anything, metadata(entry("delivery", gte="2025-03-03", lte="2025-03-03"))),
    Judged(
        "hours", "", 5, anything, metadata(entry("started", gte="2025-05-01T00:00:00+02:00", lte="2025-05-02T12:00"))
    ),
    Judged("the end of a day elsewhere", "", 13, anything, metadata(entry("captured", lte="2024-03-20"))),
    Judged("dates are no numbers", "", 0, anything, metadata(entry("acquired", gte="0"))),
    Judged("numbers are no dates", "", 0, anything, metadata(entry("year made", gte="1000-01-01"))),
    Judged("an attribute", "", 370, anything, metadata(entry("compression", equals="piz"))),
    Judged(
        "three at once",
        "",
        14,
        anything,
        metadata(
            entry("artist", contains="raman"), entry("frame count", gte="200"), entry("camera", contains="venice")
        ),
    ),
    Judged("a city", "", 30, anything, metadata(entry("location", within=near(53.5461, 9.9661, meters=3_000)))),
    Judged("a region", "", 180, anything, metadata(entry("location", within=near(51, 7, meters=500_000)))),
    Judged(
        "over the date line", "", 42, anything, metadata(entry("location", within=near(-16.8, -179.99, meters=9_000)))
    ),
    Judged("the far north", "", 60, anything, metadata(entry("location", within=near(89, 100, meters=1_400_000)))),
    Judged("half the world", "", 420, anything, metadata(entry("location", within=near(0, 0, meters=10_000_000)))),
    Judged("a place of finding", "", 147, anything, metadata(entry("found at", within=near(41.0, 29.0, meters=5_000)))),
    Judged(
        "a place, a moment, a number and a word",
        "leica",
        37,
        words(last("leica")),
        metadata(
            entry("location", within=near(60, -30, meters=2_500_000)),
            entry("captured", gte="2024-06-01", lte="2025-06-30"),
            entry("accuracy mm", lte="40"),
        ),
    ),
)

JUDGED = {
    f"{kind}: {question.name}": question
    for kind, questions in {
        "words": WORDS,
        "typing": TYPING,
        "phrases": PHRASES,
        "names": NAMES,
        "corrected": CORRECTED,
        "filters": FILTERS,
        "metadata": METADATA,
    }.items()
    for question in questions
}
