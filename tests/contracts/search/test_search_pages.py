"""Totals, facets, cursors and highlights mean the same on every search index."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from projections.search.errors import CursorInvalid
from projections.search.queries import (
    FacetValue,
    Highlight,
    Hit,
    MetadataCriterion,
    SearchEntity,
    SearchFacet,
    SearchFilter,
    SearchIndex,
    SearchPage,
    SearchQuery,
)

DATABASE, ASSET_TYPE, TAG, FILE_EXTENSION = SearchFacet
ASSETS = (SearchEntity.ASSET,)
FILES = (SearchEntity.FILE,)


def facets(page: SearchPage) -> dict[SearchFacet, dict[str, int]]:
    return {result.facet: {value.value: value.count for value in result.values} for result in page.facets}


def first_hit(index: SearchIndex, text: str, **filters: object) -> Hit:
    query = SearchQuery(text=text, filter=SearchFilter(**filters), first=1, want_highlights=True)  # type: ignore[arg-type]
    return index.search(query).hits[0]


def test_a_question_without_text_gives_everything_newest_first(index: SearchIndex) -> None:
    page = index.search(SearchQuery(first=2, want_total=True))
    assert [(hit.entity, hit.database_id, hit.asset_id, hit.path, hit.score) for hit in page.hits] == [
        (SearchEntity.FILE, "films", "straw", "100%_done.txt", None),
        (SearchEntity.FILE, "films", "straw", "O'Brien's take; DROP TABLE.txt", None),
    ]
    assert (page.total, page.has_next, page.facets) == (296, True, ())


def test_archived_documents_count_when_asked_for(index: SearchIndex) -> None:
    page = index.search(SearchQuery(filter=SearchFilter(include_archived=True), first=1, want_total=True))
    assert page.total == 298


def test_blanks_are_no_text(index: SearchIndex) -> None:
    assert index.search(SearchQuery(text=" \t ", first=1, want_total=True)).total == 296


def test_the_total_is_left_out_unless_wanted(index: SearchIndex) -> None:
    assert index.search(SearchQuery(text="robot")).total is None


def test_facets_count_all_answers_and_not_the_page(index: SearchIndex) -> None:
    page = index.search(SearchQuery(text="diffuse", facets=tuple(SearchFacet), first=1))
    assert facets(page) == {
        DATABASE: {"props": 40},
        ASSET_TYPE: {"folder": 40},
        TAG: {"prop": 40, "oak": 20, "pine": 20},
        FILE_EXTENSION: {".tif": 40},
    }


def test_facet_values_come_most_frequent_first_then_by_value(index: SearchIndex) -> None:
    query = SearchQuery(filter=SearchFilter(database_ids=("props",)), facets=(TAG, FILE_EXTENSION))
    (tags, extensions) = index.search(query).facets
    assert tags.values == (FacetValue("prop", 120), FacetValue("oak", 60), FacetValue("pine", 60))
    assert extensions.values == (FacetValue(".tif", 60), FacetValue(".fbx", 20), FacetValue(".png", 20))


def test_a_facet_leaves_its_own_filter_out_and_no_other(index: SearchIndex) -> None:
    narrowed = SearchFilter(entity_types=FILES, database_ids=("films", "props"), file_extensions=("exr", "fbx"))
    page = index.search(SearchQuery(filter=narrowed, facets=(DATABASE, FILE_EXTENSION), want_total=True))
    assert facets(page) == {
        DATABASE: {"films": 144, "props": 20},
        FILE_EXTENSION: {
            ".exr": 144,
            ".tif": 60,
            ".fbx": 20,
            ".png": 20,
            ".abc": 3,
            ".mov": 3,
            ".txt": 3,
            ".ply": 2,
            ".jpg": 1,
        },
    }
    assert page.total == 164


def test_any_tag_is_left_out_of_the_tag_facet_but_all_tags_are_not(index: SearchIndex) -> None:
    tags = SearchFilter(entity_types=ASSETS, tags_any=("hero",), tags_all=("character",))
    page = index.search(SearchQuery(filter=tags, facets=(TAG,), want_total=True))
    assert (facets(page), page.total) == ({TAG: {"character": 2, "hero": 1}}, 1)


def test_asking_for_facets_changes_no_answer(index: SearchIndex) -> None:
    narrowed = SearchFilter(database_ids=("props",), tags_any=("oak",))
    plain = index.search(SearchQuery(text="vilalin", filter=narrowed, want_total=True))
    counted = index.search(SearchQuery(text="vilalin", filter=narrowed, want_total=True, facets=tuple(SearchFacet)))
    assert (counted.hits, counted.total) == (plain.hits, plain.total)


def test_facets_of_a_corrected_question_count_what_it_found(index: SearchIndex) -> None:
    page = index.search(SearchQuery(text="vilalin", facets=(FILE_EXTENSION,), want_total=True))
    assert (page.total, facets(page)) == (3, {FILE_EXTENSION: {".abc": 1, ".txt": 1}})


def test_a_question_is_corrected_when_only_other_databases_have_the_word(index: SearchIndex) -> None:
    films = SearchFilter(database_ids=("films",))
    page = index.search(SearchQuery(text="plate", filter=films, facets=(DATABASE,), want_total=True))
    assert [hit.path for hit in page.hits] == ["slate.txt"]
    assert (page.total, facets(page)) == (1, {DATABASE: {"plates": 11, "films": 1}})


def test_a_facet_asked_for_twice_is_answered_once(index: SearchIndex) -> None:
    page = index.search(SearchQuery(text="e57", facets=(TAG, TAG)))
    assert facets(page) == {TAG: {"exterior": 1, "scan": 1, "set": 1}}
    assert len(page.facets) == 1


def test_a_facet_without_answers_is_empty(index: SearchIndex) -> None:
    page = index.search(SearchQuery(text="xylophone", facets=(TAG,), want_total=True, want_highlights=True))
    assert (page.hits, page.total, page.has_next, facets(page)) == ((), 0, False, {TAG: {}})


@pytest.mark.parametrize("text", ["", "exr", "-exr", "beuaty"])
def test_pages_follow_each_other_without_gap_or_repetition(index: SearchIndex, text: str) -> None:
    whole = index.search(SearchQuery(text=text, first=100)).hits
    paged: list[Hit] = []
    while len(paged) < len(whole):
        after = paged[-1].cursor if paged else None
        paged += index.search(SearchQuery(text=text, first=min(7, len(whole) - len(paged)), after=after)).hits
    assert [replace(hit, cursor="") for hit in paged] == [replace(hit, cursor="") for hit in whole]


def test_total_and_facets_do_not_depend_on_the_page(index: SearchIndex) -> None:
    first = index.search(SearchQuery(text="exr", first=5, facets=(DATABASE,), want_total=True))
    second = index.search(
        SearchQuery(text="exr", first=5, after=first.hits[-1].cursor, facets=(DATABASE,), want_total=True)
    )
    assert (first.total, first.facets) == (second.total, second.facets) == (144, second.facets)


def test_the_last_page_has_no_next(index: SearchIndex) -> None:
    assert index.search(SearchQuery(text="villain", first=3)).has_next is False
    assert index.search(SearchQuery(text="villain", first=2)).has_next is True


@pytest.mark.parametrize(
    "damage",
    [
        lambda cursor: cursor[:-2],
        lambda cursor: "A" + cursor[1:],
        lambda cursor: "",
        lambda cursor: "not base64!",
        lambda cursor: "☃",
        lambda cursor: base64.urlsafe_b64encode(b"[]").decode(),
        lambda cursor: base64.urlsafe_b64encode(b'["0000", [1.5, "films:hero-robot"]]').decode(),
    ],
)
def test_a_damaged_cursor_is_refused(index: SearchIndex, damage: object) -> None:
    cursor = index.search(SearchQuery(text="exr", first=1)).hits[0].cursor
    assert callable(damage)
    with pytest.raises(CursorInvalid):
        index.search(SearchQuery(text="exr", after=damage(cursor)))


def test_a_cursor_of_another_question_is_refused(index: SearchIndex) -> None:
    cursor = index.search(SearchQuery(text="exr", first=1)).hits[0].cursor
    with pytest.raises(CursorInvalid):
        index.search(SearchQuery(text="mov", after=cursor))
    with pytest.raises(CursorInvalid):
        index.search(SearchQuery(text="exr", filter=SearchFilter(include_archived=True), after=cursor))


def test_highlights_mark_the_words_found(index: SearchIndex) -> None:
    assert first_hit(index, "brass", entity_types=ASSETS).highlights == (
        Highlight("str_description", ("Rusty robot with <em>brass</em> joints",)),
    )


def test_highlights_mark_file_names_and_metadata(index: SearchIndex) -> None:
    hit = first_hit(index, "shot_010 depth first frame", entity_types=FILES)
    assert hit.highlights == (
        Highlight("str_assetname", ("SEQ01 <em>Shot</em> <em>010</em>",)),
        Highlight("str_key", ("renders/<em>depth</em>/<em>shot</em>_<em>010</em>_<em>depth</em>.1001.exr",)),
        Highlight("list_tags", ("<em>shot</em>",)),
        Highlight("MD_.note", ("<em>first</em> <em>frame</em> of the take",)),
    )


def test_highlights_mark_accents_beginnings_and_corrections(index: SearchIndex) -> None:
    assert first_hit(index, "zuri", entity_types=ASSETS).highlights == (
        Highlight("str_assetname", ("Café <em>Zürich</em>",)),
    )
    assert first_hit(index, "zurrich", entity_types=ASSETS).highlights == (
        Highlight("str_assetname", ("Café <em>Zürich</em>",)),
    )


def test_highlights_are_safe_html(index: SearchIndex) -> None:
    assert first_hit(index, "nacht quoted", entity_types=ASSETS).highlights == (
        Highlight("str_assetname", ("Straße &lt;b&gt;bei&lt;/b&gt; <em>Nacht</em>",)),
        Highlight("str_description", ("It&#x27;s &quot;<em>quoted</em>&quot; &amp; odd",)),
    )


def test_highlights_are_left_out_unless_wanted(index: SearchIndex) -> None:
    assert index.search(SearchQuery(text="robot", first=1)).hits[0].highlights == ()


def test_metadata_and_facets_combine(index: SearchIndex) -> None:
    tall = SearchFilter(metadata=(MetadataCriterion(key="height", gte="150"),))
    page = index.search(SearchQuery(filter=tall, facets=(TAG,), want_total=True))
    assert (page.total, facets(page)) == (6, {TAG: {"prop": 6, "oak": 3, "pine": 3}})
