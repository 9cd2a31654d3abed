"""What each mutation records when it is carried out, and what reads show of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gateway.operations.scene import ENTRIES, INPUTS, SHOT, Scene
from tests.gateway.product import Product
from tests.gateway.recording import recording

LENS = {"entries": [{"key": "lens", "value": "50"}]}
OWNERS: dict[str, dict[str, Any]] = {
    "Database": {"owner": {"databaseId": "shows"}},
    "Asset": {"owner": SHOT},
    "File": {"owner": {**SHOT, "path": "a.txt"}},
    "FileAttributes": {"owner": {**SHOT, "path": "a.txt", "attributes": True}},
    "AssetLink": {"assetLinkId": "link"},
}
SHOWN = """{ database(databaseId: "shows") { metadata { key value } }
  databases { totalCount } buckets { totalCount } assets(databaseId: "shows") { totalCount }
  asset(databaseId: "shows", assetId: "shot_010") { previewUrl history { totalCount } metadata { key value }
    links { related { assetLinkId } } versions { totalCount } }
  file(databaseId: "shows", assetId: "shot_010", path: "a.txt") { versions { s3VersionId } metadata { key value }
    attributes { key value } downloadUrl } }"""


@pytest.fixture(scope="module")
def scene(library: Product) -> Scene:
    return Scene(library)


def _prefix(owner: str) -> str:
    return owner if owner == "FileAttributes" else f"{owner}Metadata"


@pytest.mark.parametrize("owner", OWNERS)
def test_metadata_is_set_replaced_and_removed(scene: Scene, owner: str) -> None:
    given = {key: scene.ids.get(str(value), value) for key, value in OWNERS[owner].items()}
    scene.done("setMetadata", **given, entries=[{"key": "note", "value": "x"}])
    with recording(scene.client) as then:
        scene.done("setMetadata", **given, **LENS, replaceAll=True)
        scene.done("setMetadata", **given, **LENS)
        scene.done("removeMetadata", **given, keys=["lens", "never"])
        scene.done("setMetadata", **given, entries=ENTRIES)
    prefix = _prefix(owner)
    assert then.types == [f"{prefix}Removed", f"{prefix}Set", f"{prefix}Removed", f"{prefix}Set"]
    assert then.events[0][1]["keys"] == ["note"]


def test_every_value_of_an_asset_is_changed_by_an_event_of_its_own(scene: Scene) -> None:
    with recording(scene.client) as then:
        scene.done(
            "updateAsset",
            **SHOT,
            assetName="Shot 10",
            description="Changed",
            isDistributable=False,
            tags=["night"],
        )
        scene.done("updateAsset", **SHOT, tags=[], isDistributable=True)
    assert sorted(then.types) == sorted(
        [
            "AssetRenamed",
            "AssetDescribed",
            "AssetRetagged",
            "AssetDistributionSet",
            "TagApplied",
            "AssetRetagged",
            "AssetDistributionSet",
            "TagTakenOff",
        ]
    )


def test_a_version_is_one_event_whatever_it_holds(scene: Scene) -> None:
    with recording(scene.client) as then:
        scene.done("createAssetVersion", **SHOT, comment="One more", versionAlias="delivery")
    ((event_type, payload),) = then.events
    assert event_type == "AssetVersionCreated"
    assert payload == {
        "database_id": "shows",
        "asset_id": "shot_010",
        "asset_version_id": 4,
        "comment": "One more",
        "version_alias": "delivery",
        "files": None,
    }


def test_an_object_is_registered_and_its_renditions_asked_for_again(scene: Scene) -> None:
    scene.put("shot_010", "b.txt")
    with recording(scene.client) as then:
        scene.done("registerFiles", **SHOT, files=[{"path": "b.txt"}])
        scene.done("registerFiles", **SHOT, files=[{"path": "b.txt"}])
        scene.done("requestRenditions", **SHOT, path="b.txt")
    assert [name for name in then.types if name != "RenditionStemReserved"] == [
        "FileVersionObserved",
        "RenditionsRequested",
    ]


def test_related_assets_are_unrelated_again(scene: Scene) -> None:
    link = scene.done("createAssetLink", **INPUTS["createAssetLink"])["assetLink"]["assetLinkId"]
    with recording(scene.client) as then:
        scene.done("deleteAssetLink", assetLinkId=link)
    assert then.types == ["AssetLinkDeleted", "AssetsUnrelated"]


def test_a_user_leaves_with_roles_and_keys(scene: Scene) -> None:
    scene.done("createUser", userId="temp", email="temp@example.org")
    scene.done("createUserRoles", userId="temp", roleNames=["spare"])
    scene.done("createApiKey", apiKeyName="temp", userId="temp")
    with recording(scene.client) as then:
        scene.done("deleteUser", userId="temp")
    assert sorted(then.types) == ["ApiKeyDeleted", "ApiKeyNameFreed", "RoleHoldersChanged", "UserDeleted"]


def test_a_bucket_says_where_its_new_folders_go(scene: Scene) -> None:
    with recording(scene.client) as then:
        scene.done("setBucketSyncDatabase", **scene.input("setBucketSyncDatabase"))
    assert then.types == ["BucketSyncDatabaseSet"]


def test_everything_is_shown(scene: Scene) -> None:
    found = scene.client.data(SHOWN)
    assert found["databases"] == {"totalCount": 2}
    assert found["buckets"] == {"totalCount": 1}
    assert found["assets"] == {"totalCount": 2}
    assert found["database"]["metadata"] == found["asset"]["metadata"] == ENTRIES
    assert found["file"]["metadata"] == found["file"]["attributes"] == ENTRIES
    assert len(found["file"]["versions"]) == 1
    assert found["asset"]["previewUrl"] is None
    assert found["asset"]["versions"]["totalCount"] == 3
