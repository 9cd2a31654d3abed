"""A batch reaches OpenSearch before its position moves, never goes back, and is refused or waits visibly."""

from __future__ import annotations

import pytest

from domain.assets.events import AssetMetadataSet, AssetPermanentlyDeleted, AssetRenamed
from domain.event import Event
from domain.files.events import FilePermanentlyDeleted
from projections.printing import Target
from projections.search.finishing import finish_next
from projections.search.opensearch.documents import Printed
from projections.search.opensearch.errors import DocumentsRefused, OpenSearchUnavailable
from projections.search.opensearch.indices import Indices, OpenSearchConfig
from tests.projections.search.logs import BUCKET, asset, entry, log, uploaded
from tests.projections.search.opensearch.mirror import Mirror

LOG = log(
    BUCKET,
    asset("robot", asset_name="Robot", metadata=(entry("artist", "Zoë"), entry("_secret", "omega"))),
    uploaded("robot", "model/robot.abc"),
    AssetRenamed(database_id="films", asset_id="robot", asset_name="Old Robot"),
)
ASSET, FILE = "films:robot", "films:robot:model/robot.abc"


def test_documents_have_the_ids_and_fields_of_the_seed(mirror: Mirror) -> None:
    mirror.apply(LOG)
    shown = mirror.source("ASSET", ASSET)
    assert shown is not None
    assert (shown["str_assetname"], shown["_rectype"], shown["MD_"]) == ("Old Robot", "asset", {"artist": "Zoë"})
    assert shown["str_bucketprefix"] == "assets/"
    file = mirror.source("FILE", FILE)
    assert file is not None
    assert (file["str_assetname"], file["str_fileext"], file["num_filesize"]) == ("Old Robot", ".abc", 1000)


def test_a_renamed_asset_refreshes_its_file_documents(mirror: Mirror) -> None:
    mirror.apply(LOG[:3])
    mirror.apply(LOG[3:])
    file = mirror.source("FILE", FILE)
    assert file is not None
    assert file["str_assetname"] == "Old Robot"


def test_a_late_batch_of_a_replaced_owner_changes_nothing(mirror: Mirror) -> None:
    mirror.apply(LOG)
    stale = Mirror.source(mirror, "ASSET", ASSET)
    row = _printed("robot", 2)
    mirror.indices.write([row], generation=1, version=2)
    assert mirror.source("ASSET", ASSET) == stale
    gone = row._replace(entity=None)
    mirror.indices.write([gone], generation=1, version=3)
    assert mirror.source("ASSET", ASSET) == stale


def test_what_is_deleted_permanently_leaves_its_index(mirror: Mirror) -> None:
    other = uploaded("robot", "model/other.abc")
    gone = FilePermanentlyDeleted(database_id="films", asset_id="robot", path="model/robot.abc")
    whole = log(*[e.event for e in LOG], other, gone)
    mirror.apply(whole[:5])
    mirror.apply(whole[5:])
    assert mirror.source("FILE", FILE) is None
    assert mirror.source("FILE", "films:robot:model/other.abc") is not None
    assert mirror.differences(whole) == []


def test_a_deleted_document_is_not_brought_back_by_an_earlier_version(mirror: Mirror) -> None:
    mirror.apply(LOG)
    row = _printed("robot", 2)
    mirror.indices.write([row._replace(entity=None)], generation=1, version=9)
    mirror.indices.write([row], generation=1, version=8)
    assert mirror.source("ASSET", ASSET) is None


UNDOING: dict[str, list[Event]] = {
    "an asset is created and deleted": [
        asset("ghost"),
        AssetPermanentlyDeleted(database_id="films", asset_id="ghost", reason="a mistake"),
    ],
    "an asset with a file is created and deleted": [
        asset("ghost"),
        uploaded("ghost", "a.abc"),
        AssetPermanentlyDeleted(database_id="films", asset_id="ghost", reason="a mistake"),
    ],
    "an asset is renamed and named as before": [
        AssetRenamed(database_id="films", asset_id="robot", asset_name="New Robot"),
        AssetRenamed(database_id="films", asset_id="robot", asset_name="Old Robot"),
    ],
    "a file comes and goes": [
        uploaded("robot", "b.abc"),
        FilePermanentlyDeleted(database_id="films", asset_id="robot", path="b.abc"),
    ],
    "a file goes and comes": [
        FilePermanentlyDeleted(database_id="films", asset_id="robot", path="model/robot.abc"),
        uploaded("robot", "model/robot.abc"),
    ],
}


@pytest.mark.parametrize("undoing", UNDOING)
def test_a_batch_that_failed_and_comes_again_with_what_undoes_it_leaves_nothing_behind(
    mirror: Mirror, undoing: str
) -> None:
    whole = log(*[e.event for e in LOG], *UNDOING[undoing])
    mirror.apply(whole[: len(LOG)])
    for end in range(len(LOG) + 1, len(whole)):
        mirror.fail(whole[len(LOG) : end])
    mirror.apply(whole[len(LOG) :])
    assert mirror.differences(whole) == []


def test_a_document_that_can_never_be_taken_is_named_and_the_others_are_kept(mirror: Mirror) -> None:
    mirror.apply(LOG)
    good = _printed("good", 7)
    bad = good._replace(document_id="films:bad", document=_document("Bad") | {"bool_archived": "perhaps"})
    with pytest.raises(DocumentsRefused, match=r"refused 1 documents: films:bad: .*bool_archived") as refused:
        mirror.indices.write([good, bad], generation=1, version=7)
    assert [document for document, _ in refused.value.refusals] == ["films:bad"]
    assert mirror.source("ASSET", "films:good") is not None


def test_long_values_are_stored_though_lucene_takes_no_such_term(mirror: Mirror) -> None:
    long = "wall " * 20_000
    mirror.apply(LOG)
    entries = (entry("essay", long), entry("short", "yes"))
    mirror.apply(
        log(*[e.event for e in LOG], AssetMetadataSet(database_id="films", asset_id="robot", entries=entries))[4:]
    )
    shown = mirror.source("ASSET", ASSET)
    assert shown is not None
    assert shown["MD_"] == {"artist": "Zoë", "short": "yes"}
    assert [e["key"] for e in shown["interneg"]["metadata"]] == ["artist", "essay", "short"]
    path = "/".join(["long" * 15] * 9)
    mirror.apply(log(*[e.event for e in LOG], uploaded("robot", path + ".exr"))[4:])
    assert mirror.source("FILE", f"films:robot:{path}.exr") is not None


def test_while_it_is_away_nothing_is_recorded_and_the_failure_passes_by_itself(mirror: Mirror) -> None:
    mirror.apply(LOG[:3])
    url, mirror.indices.client = mirror.indices.client, Indices(OpenSearchConfig("http://127.0.0.1:9")).client
    with pytest.raises(OpenSearchUnavailable, match="OpenSearch cannot take documents now") as away:
        mirror.apply(LOG[3:])
    assert away.value.is_transient
    mirror.indices.client = url
    assert mirror.connection.execute("SELECT position FROM search.mirrored").fetchone() == (3,)
    mirror.apply(LOG[3:])
    assert mirror.differences(LOG) == []


def test_verify_names_a_document_that_is_missing_or_not_as_the_log_has_it(mirror: Mirror) -> None:
    mirror.apply(LOG)
    assert mirror.differences(LOG) == []
    client, name, shown = mirror.indices.client, mirror.indices.name("ASSET", 1), mirror.source("ASSET", ASSET)
    assert shown is not None
    client.index(
        index=name,
        id=ASSET,
        body={**shown, "str_assetname": "Tampered"},
        params={"version": "4", "version_type": "external_gte"},
    )
    client.delete(
        index=mirror.indices.name("FILE", 1), id=FILE, params={"version": "4", "version_type": "external_gte"}
    )
    found = {difference.key["document_id"]: difference for difference in mirror.differences(LOG)}
    assert set(found) == {ASSET, FILE}
    assert found[ASSET].table == "opensearch"
    tampered = found[ASSET].live
    assert tampered is not None
    assert tampered["str_assetname"] == "Tampered"
    assert found[FILE].live is None


def test_aliases_follow_a_swap_once_it_is_committed(mirror: Mirror) -> None:
    mirror.apply(LOG)
    first = {mirror.indices.name(entity, 1) for entity in ("ASSET", "FILE")}
    second = {mirror.indices.name(entity, 2) for entity in ("ASSET", "FILE")}
    assert mirror.aliased() == first
    mirror.projection.create(mirror.connection, generation=2)
    mirror.apply(LOG, generation=2, is_live=False)
    mirror.projection.publish(mirror.connection, generation=2, replaced=1)
    assert mirror.aliased() == first
    mirror.connection.commit()
    mirror.projection.settle(generation=2)
    assert mirror.aliased() == second
    mirror.projection.drop(mirror.connection, generation=1)
    mirror.connection.commit()
    assert mirror.aliased() == second


def test_a_print_that_is_filled_is_sent_once_it_is_whole(mirror: Mirror) -> None:
    mirror.apply(LOG)
    target = Target(2, is_live=False)
    with mirror.connection.transaction():
        mirror.projection.create(mirror.connection, generation=2)
        mirror.projection.defer(mirror.connection, generation=2)
        mirror.projection.apply(LOG, mirror.connection, target=target)
    mirror.connection.commit()
    settings = mirror.settings(generation=2)
    assert (settings["refresh_interval"], mirror.source("FILE", FILE, generation=2)) == ("-1", None)
    mirror.projection.complete(mirror.connection, generation=2)
    assert mirror.settings(generation=2)["refresh_interval"] == "1s"
    for entity, document in (("ASSET", ASSET), ("FILE", FILE)):
        assert mirror.source(entity, document, generation=2) == mirror.source(entity, document) is not None
    live, scratch = Target(1, is_live=True), target
    assert list(mirror.projection.differences(mirror.connection, live=live, scratch=scratch, limit=9)) == []


def test_a_document_that_was_sent_before_an_interruption_and_is_gone_after_it_is_not_there(mirror: Mirror) -> None:
    """Killed before the last step, and resumed when its asset has been deleted."""
    target, live = Target(2, is_live=False), Target(1, is_live=True)
    with mirror.connection.transaction():
        mirror.projection.create(mirror.connection, generation=2)
        mirror.projection.defer(mirror.connection, generation=2)
        mirror.projection.apply(LOG, mirror.connection, target=target)
    todo = mirror.projection._steps(2)
    while mirror.source("ASSET", ASSET, generation=2) is None:
        with mirror.connection.transaction():
            mirror.projection.use(mirror.connection, target=target)
            assert finish_next(mirror.connection, todo)
        mirror.indices.refresh(2)
    deleted = AssetPermanentlyDeleted(database_id="films", asset_id="robot", reason="a mistake")
    later = log(*(one.event for one in LOG), deleted)[len(LOG) :]
    mirror.apply(later, generation=2, is_live=False)
    mirror.projection.complete(mirror.connection, generation=2)
    assert mirror.source("ASSET", ASSET, generation=2) is None
    mirror.apply(LOG)
    mirror.apply(later)
    assert list(mirror.projection.differences(mirror.connection, live=live, scratch=target, limit=9)) == []


def _printed(name: str, position: int) -> Printed:
    key = (f"films:{name}", "ASSET", "films", name, None)
    return Printed(*key, "none", [], None, False, position, name, None, _document(name.capitalize()), [])


def _document(name: str) -> dict[str, object]:
    return {"_rectype": "asset", "str_assetname": name, "str_description": "", "MD_": {}, "bool_archived": False}
