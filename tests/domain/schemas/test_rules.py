"""What schemas say of a change of entries: touched keys are judged, and no other."""

from __future__ import annotations

import pytest

from domain.metadata import MetadataEntry, TooManyMetadataEntries
from domain.schemas.definition import Definition
from domain.schemas.errors import MetadataNotCompliant, MetadataValueTypeFixed, NonComplianceReason
from domain.schemas.fields import SchemaField
from domain.schemas.rules import UNGOVERNED, Rules, rules_of
from domain.schemas.schema import MetadataSchema
from tests.domain.library import entry
from tests.domain.schemas.describing import ASSETS, LIST, NUMBER, one

LENS = one("lens", NUMBER)
LOOK = one("look", LIST, controlled_list=("day", "night"))
UNIT = one("unit", is_required=True)
TAKE = one("take", depends_on=("unit", "shot"))
SHOT = one("shot")


def _rules(*fields: SchemaField, is_restricted: bool = False, allows_other_keys: bool = False) -> Rules:
    definition = Definition("Shots", fields, allows_other_keys=allows_other_keys)
    schema = MetadataSchema("s1", "shows", ASSETS, definition)
    return rules_of([schema], is_restricted=is_restricted, most=None)


def _holding(*entries: MetadataEntry) -> dict[str, MetadataEntry]:
    return {one.key: one for one in entries}


def _refusal(rules: Rules, before: dict[str, MetadataEntry], *entries: MetadataEntry, replace_all: bool = False) -> str:
    """Reason, key and path of the refusal of these entries."""
    with pytest.raises(MetadataNotCompliant) as caught:
        rules.setting(before, entries, replace_all=replace_all)
    assert str(caught.value)
    return f"{caught.value.reason} {caught.value.key} {'.'.join(caught.value.path)}"


def test_a_value_has_the_type_of_its_field() -> None:
    rules = _rules(LENS)
    assert rules.setting({}, [entry("lens", "35", NUMBER)]) == ((entry("lens", "35", NUMBER),), ())
    assert _refusal(rules, {}, entry("a", "b"), entry("lens", "35")) == "VALUE_TYPE_DIFFERS lens entries.1.valueType"
    with pytest.raises(MetadataNotCompliant) as caught:
        rules.setting({}, [entry("lens", "35")])
    assert str(caught.value) == "'lens' is a number, says the metadata schema 'Shots' (shows, id s1)."


def test_a_value_is_in_its_list_or_empty() -> None:
    rules = _rules(LOOK)
    assert _refusal(rules, {}, entry("look", "dusk", LIST)) == "VALUE_NOT_IN_LIST look entries.0.value"
    rules.setting({}, [entry("look", "day", LIST)])
    rules.setting({}, [entry("look", "", LIST)])


def test_a_long_list_is_cut_in_the_refusal() -> None:
    rules = _rules(one("n", LIST, controlled_list=tuple(map(str, range(12)))))
    with pytest.raises(MetadataNotCompliant, match=r"'n' is one of '0', .*'9', …, says"):
        rules.setting({}, [entry("n", "x", LIST)])


def test_a_required_value_is_not_emptied_and_not_removed() -> None:
    rules, before = _rules(UNIT), _holding(entry("unit", "A"))
    assert _refusal(rules, before, entry("unit", "")) == "REQUIRED_VALUE_MISSING unit entries.0.value"
    assert _refusal(rules, before, entry("a", "b"), replace_all=True) == "REQUIRED_VALUE_MISSING unit entries"
    with pytest.raises(MetadataNotCompliant) as caught:
        rules.removing(before, ["unit"])
    assert (caught.value.reason, caught.value.path) == (NonComplianceReason.REQUIRED_VALUE_MISSING, ("keys",))
    assert str(caught.value) == "A value of 'unit' is required, says the metadata schema 'Shots' (shows, id s1)."


def test_a_required_value_that_was_never_there_stops_nothing() -> None:
    rules = _rules(UNIT, LENS)
    assert rules.setting({}, [entry("lens", "35", NUMBER)]) == ((entry("lens", "35", NUMBER),), ())
    assert rules.setting(_holding(entry("unit", "")), [entry("a", "b")], replace_all=True)[1] == ("unit",)
    assert rules.removing(_holding(entry("unit", "")), ["unit"]) == ("unit",)


def test_a_value_needs_those_that_it_depends_on_before_or_at_once() -> None:
    rules = _rules(TAKE, UNIT, SHOT)
    take, unit, shot = entry("take", "1"), entry("unit", "A"), entry("shot", "10")
    assert _refusal(rules, _holding(unit), take) == "DEPENDENCY_MISSING take entries.0.key"
    assert _refusal(rules, _holding(unit, entry("shot", "")), take) == "DEPENDENCY_MISSING take entries.0.key"
    assert rules.setting(_holding(unit), [take, shot]) == ((take, shot), ())
    assert rules.setting({}, [entry("take", "")]) == ((entry("take", ""),), ())


def test_a_value_that_others_depend_on_is_not_emptied_and_not_removed_without_them() -> None:
    rules = _rules(TAKE, UNIT, SHOT)
    take, unit, shot = entry("take", "1"), entry("unit", "A"), entry("shot", "10")
    before = _holding(take, unit, shot)
    assert _refusal(rules, before, entry("shot", "")) == "DEPENDENCY_MISSING shot entries"
    with pytest.raises(MetadataNotCompliant, match="'take' needs a value of 'shot'"):
        rules.removing(before, ["shot"])
    assert rules.removing(before, ["shot", "take", "none", "shot"]) == ("shot", "take")
    assert rules.setting(before, [unit], replace_all=True)[1] == ("take", "shot")


def test_what_was_wrong_before_stops_no_change_of_another_key() -> None:
    rules = _rules(LENS, LOOK, UNIT, TAKE, SHOT, is_restricted=True)
    before = _holding(entry("lens", "wide"), entry("look", "dusk"), entry("take", "1"), entry("free", "x"))
    given = [*before.values(), entry("shot", "10")]
    assert rules.setting(before, given) == ((entry("shot", "10"),), ())
    assert rules.setting(before, given, replace_all=True) == ((entry("shot", "10"),), ())
    assert rules.removing(before, ["free", "lens"]) == ("free", "lens")


def test_a_restricted_database_takes_keys_of_schemas_only() -> None:
    closed = _rules(LENS, is_restricted=True)
    assert _refusal(closed, {}, entry("free", "x")) == "KEY_OUTSIDE_SCHEMAS free entries.0.key"
    assert closed.setting(_holding(entry("free", "x")), [], replace_all=True) == ((), ("free",))
    _rules(LENS, is_restricted=True, allows_other_keys=True).setting({}, [entry("free", "x")])
    rules_of([], is_restricted=True, most=None).setting({}, [entry("free", "x")])


def test_defaults_are_filled_in_where_a_key_has_no_entry() -> None:
    rules = _rules(one("unit", default="A", is_required=True), one("fps", NUMBER, default="24"))
    note = entry("note", "x")
    assert rules.setting({}, [note]) == ((note, entry("unit", "A"), entry("fps", "24", NUMBER)), ())
    assert rules.setting(_holding(entry("fps", "", NUMBER)), [note]) == ((note, entry("unit", "A")), ())
    assert rules.setting({}, [entry("unit", "B")])[0] == (entry("unit", "B"), entry("fps", "24", NUMBER))
    assert rules.setting(_holding(note), [note]) == ((), ())
    assert rules.setting(_holding(entry("unit", "B"), note), [note], replace_all=True) == (
        (entry("unit", "A"), entry("fps", "24", NUMBER)),
        (),
    )
    assert rules.first([]) == (entry("unit", "A"), entry("fps", "24", NUMBER))
    assert rules.first([entry("fps", "25", NUMBER)]) == (entry("fps", "25", NUMBER), entry("unit", "A"))


def test_a_default_waits_for_what_it_depends_on() -> None:
    rules = _rules(
        one("take", default="1", depends_on=("shot",)), one("shot", default="10", depends_on=("unit",)), UNIT
    )
    assert rules.setting({}, [entry("note", "x")]) == ((entry("note", "x"),), ())
    assert [one.key for one in rules.setting({}, [entry("unit", "A")])[0]] == ["unit", "shot", "take"]


def test_a_default_takes_no_place_over_the_cap() -> None:
    schema = MetadataSchema("s1", "shows", ASSETS, Definition("Shots", (one("unit", default="A"),)))
    rules = rules_of([schema], is_restricted=False, most=2)
    assert rules.setting({}, [entry("a", "1")]) == ((entry("a", "1"), entry("unit", "A")), ())
    assert rules.setting({}, [entry("a", "1"), entry("b", "2")]) == ((entry("a", "1"), entry("b", "2")), ())
    with pytest.raises(TooManyMetadataEntries):
        rules.setting({}, [entry("a", "1"), entry("b", "2"), entry("c", "3")])


def test_an_ungoverned_key_keeps_its_type_until_it_is_removed() -> None:
    before = _holding(entry("fps", "24", NUMBER))
    with pytest.raises(MetadataValueTypeFixed) as caught:
        _rules(UNIT).setting(before, [entry("fps", "25")])
    assert (caught.value.path, "'fps' is a number" in str(caught.value)) == (("entries", "0", "valueType"), True)
    assert UNGOVERNED.setting(before, [entry("fps", "25")], replace_all=True) == ((entry("fps", "25"),), ())


def test_a_governed_key_takes_the_type_that_the_schema_gives_it() -> None:
    before = _holding(entry("lens", "wide"))
    assert _rules(LENS).setting(before, [entry("lens", "35", NUMBER)]) == ((entry("lens", "35", NUMBER),), ())


def test_schemas_together_have_the_fields_of_all() -> None:
    schemas = [
        MetadataSchema("s1", "shows", ASSETS, Definition("One", (UNIT, LENS))),
        MetadataSchema("s2", "GLOBAL", ASSETS, Definition("Two", (UNIT, SHOT, TAKE), allows_other_keys=True)),
    ]
    rules = rules_of(schemas, is_restricted=True, most=500)
    assert set(rules.fields) == {"unit", "lens", "shot", "take"}
    assert list(rules.fields).index("take") > max(list(rules.fields).index(key) for key in ("unit", "shot"))
    assert rules.titles["unit"] == "'One' (shows, id s1)"
    assert rules.titles["take"] == "'Two' (GLOBAL, id s2)"
    assert rules.is_closed
    assert not rules_of(schemas[1:], is_restricted=True, most=None).is_closed
