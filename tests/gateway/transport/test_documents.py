"""Admission: every limit, the attacks that stock limiters let through, and the cache of verdicts."""

from __future__ import annotations

import pytest
from graphql import get_introspection_query, parse

from gateway.graphql.cost import SelectionCost, count_overlaps, measure
from gateway.graphql.documents import DocumentCache
from gateway.graphql.limits import GraphQLLimits, LimitExceeded
from tests.gateway.transport.toy import toy_schema


def cache(**limits: int) -> DocumentCache:
    return DocumentCache(toy_schema()._schema, GraphQLLimits(**limits))


def refusal(query: str, **limits: int) -> tuple[str, object, int]:
    """The limit that refuses a query, the value found and the maximum."""
    (error,) = cache(**limits).admit(query).errors
    assert isinstance(error, LimitExceeded), error
    extensions = error.extensions or {}
    return extensions["limit"], extensions["value"], extensions["maximum"]


def twins(depth: int) -> str:
    return "{ item { " + "twin { " * (depth - 2) + "name" + " }" * depth


@pytest.mark.parametrize(
    ("query", "limit", "value"),
    [
        (twins(4), "max_depth", 4),
        ("{ a: hello b: hello c: hello d: hello }", "max_aliases", 4),
        ("{ ...F } fragment F on Query { a: hello b: hello ...G } fragment G on Query { c: hello d: hello }",
         "max_aliases", 4),
        ("{ hello @skip(if: false) @include(if: true) item @skip(if: false) { name @skip(if: false) } }",
         "max_directives", 4),
        ("{ ...F @skip(if: false) @include(if: true) } fragment F on Query { ... @skip(if: false) "
         "{ hello @skip(if: false) } }", "max_directives", 4),
        ("{ hello item { name } absent { name } planned { name } }", "max_root_fields", 4),
        ("{ ...A ...B ...C ...D }" + "".join(f" fragment {n} on Query {{ hello }}" for n in "ABCD"),
         "max_fragments", 4),
        ("{ item { name size twin { name } } }", "max_fields", 5),
        ("{ hello item { name name } hello item { name } }", "max_overlaps", 5),
    ],
)  # fmt: skip
def test_a_document_at_its_limit_is_admitted_and_one_over_is_refused_with_the_numbers(
    query: str, limit: str, value: int
) -> None:
    assert cache(**{limit: value}).admit(query).errors == ()
    assert refusal(query, **{limit: value - 1}) == (limit, value, value - 1)


def test_the_refusal_names_limit_value_and_maximum() -> None:
    (error,) = cache(max_depth=3).admit(twins(4)).errors
    assert error.message == "The request passes the limit max_depth: it has 4, the maximum is 3."


def test_tokens_are_counted_before_anything_else_looks_at_the_document() -> None:
    assert cache(max_tokens=3).admit("{ hello }").errors == ()
    assert refusal("{ hello hello }", max_tokens=3) == ("max_tokens", None, 3)


def test_a_long_text_is_refused_unparsed_and_not_remembered() -> None:
    documents = cache(max_document_bytes=20)
    (error,) = documents.admit('{ hello(name: "éééééééé") }').errors
    assert (error.extensions or {})["value"] == 35
    assert len(documents) == 0


def bomb(levels: int) -> str:
    """628 bytes of this kept a stock Strawberry busy for 8 seconds at sixteen levels."""
    names = [f"fragment f{n} on Item {{ twin {{ ...f{n + 1} }} other: twin {{ ...f{n + 1} }} }}"
             for n in range(levels)]  # fmt: skip
    return "{ item { ...f0 } } " + " ".join(names) + f" fragment f{levels} on Item {{ name }}"


@pytest.mark.parametrize("levels", [4, 8, 16, 64])
def test_doubling_fragments_are_counted_in_steps_linear_in_the_text(levels: int) -> None:
    cost = measure(parse(bomb(levels)))
    assert cost.steps == 3 + 4 * levels
    assert cost.operation.fields == 1 + 3 * 2**levels - 2
    assert cost.operation.depth == levels + 2


def chain(*, length: int, depth: int) -> str:
    """Fragments that each nest and then spread the next; together deeper than Python's own stack."""
    opened, closed = "twin { " * depth, " }" * depth
    names = [f"fragment f{n} on Item {{ {opened}...f{n + 1}{closed} }}" for n in range(length)]
    return "{ item { ...f0 } } " + " ".join(names) + f" fragment f{length} on Item {{ name }}"


ATTACKS = {
    "11 000 duplicate fields": ("{ " + "hello " * 11_000 + "}", "max_document_bytes"),
    "5 000 duplicate fields": ("{ " + "hello " * 5_000 + "}", "max_tokens"),
    "1 000 duplicate fields": ("{ " + "hello " * 1_000 + "}", "max_root_fields"),
    "400 overlapping nested fields": ("{ " + "item { twin { name } } " * 400 + "}", "max_tokens"),
    "200 overlapping nested fields": ("{ " + "item { twin { name } } " * 200 + "}", "max_root_fields"),
    "500 heavy aliases": (
        "{ " + " ".join(f"a{n}: item {{ name }}" for n in range(300)) + " }",
        "max_aliases",
    ),
    "2 000 directives": ("{ hello " + "@a " * 2_000 + "}", "max_tokens"),
    "900 directives": ("{ hello " + "@a " * 900 + "}", "max_directives"),
    "fragment bomb": (bomb(16), "max_fields"),
    "fragment bomb beyond any integer": (bomb(64), "max_depth"),
    "1 MB string": ('{ hello(name: "' + "a" * 1_000_000 + '") }', "max_document_bytes"),
    "a chain of deep fragments": (chain(length=14, depth=40), "max_depth"),
    "repeats in one place": ("{ item { " + "name " * 1_900 + "} }", "max_overlaps"),
    "repeats inside repeats": ("{ item { " + "twin { twin { name } } " * 270 + "} }", "max_overlaps"),
    "repeats through fragments": (
        "{ item { "
        + " ".join(f"...f{n}" for n in range(90))
        + " } } "
        + " ".join(f"fragment f{n} on Item {{ twin {{ name }} }}" for n in range(90)),
        "max_overlaps",
    ),
    "nested far": (twins(200), "max_depth"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_documents_are_refused_before_validation(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("The document reached validation.")

    monkeypatch.setattr("gateway.graphql.documents.validate_document", never)
    query, limit = ATTACKS[name]
    assert refusal(query)[0] == limit


@pytest.mark.parametrize("query", ["{ item " * 900, "{ hello(name: " + "[" * 1_500])
def test_nesting_beyond_the_parser_is_a_syntax_error(query: str) -> None:
    (error,) = cache().admit(query).errors
    assert error.message == "Syntax Error: Document is nested too deeply. Parsing aborted."


def test_a_count_beyond_what_json_holds_is_given_as_more_than_the_maximum() -> None:
    assert refusal(bomb(64), max_depth=100) == ("max_fields", None, 5_000)


def test_circular_introspection_is_refused() -> None:
    circle = "{ __schema { types { " + "fields { type { " * 4 + "name" + " } }" * 4 + " } } }"
    (error,) = cache().admit(circle).errors
    assert error.message == "Maximum introspection depth exceeded"


def test_the_introspection_that_tools_send_is_admitted() -> None:
    query = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    assert cache().admit(query).errors == ()


def test_a_cycle_of_fragments_is_the_only_thing_said_about_its_document() -> None:
    query = "{ item { ...A } } fragment A on Item { nothing twin { ...B } } fragment B on Item { ...A }"
    messages = [error.message for error in cache().admit(query).errors]
    assert messages == ["Cannot spread fragment 'A' within itself via 'B'."]


def test_an_unknown_fragment_is_left_to_validation() -> None:
    (error,) = cache().admit("{ ...Nowhere }").errors
    assert error.message == "Unknown fragment 'Nowhere'."


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("{ hello hello hello }", 3),
        ("{ hello a: hello b: hello }", 0),
        ("{ item { name name } item { name } }", 1 + 3),
        ("{ ...A ...B hello ...A } fragment A on Query { hello } fragment B on Query { ... { hello } }", 3),
        ("{ item { ...A twin { ...A } } } fragment A on Item { name }", 0),
    ],
)
def test_overlaps_are_the_pairs_that_validation_compares(query: str, pairs: int) -> None:
    assert count_overlaps(parse(query)) == pairs


def test_each_operation_is_measured_by_itself() -> None:
    cost = measure(parse("query A { a: hello } query B { b: hello item { name } }"))
    assert cost.operation == SelectionCost(depth=2, fields=3, aliases=1, directives=0, root_fields=2)


@pytest.mark.parametrize("query", ["{ hello }", "{ nothing }", "{ hello(", twins(200)])
def test_a_verdict_is_reached_once_and_remembered(query: str) -> None:
    documents = cache()
    assert documents.admit(query) is documents.admit(query)
    assert len(documents) == 1


def test_the_least_recently_used_verdict_is_forgotten_first() -> None:
    documents = cache(max_cached_documents=2)
    first = documents.admit("{ hello }")
    documents.admit("{ a: hello }")
    assert documents.admit("{ hello }") is first
    documents.admit("{ b: hello }")
    assert len(documents) == 2
    assert documents.admit("{ hello }") is first


def test_the_cache_is_bounded_by_the_text_it_keeps() -> None:
    documents = cache(max_cached_bytes=25)
    documents.admit("{ hello }")
    documents.admit("{ a: hello }")
    assert len(documents) == 2
    documents.admit("{ b: hello }")
    assert len(documents) == 2
