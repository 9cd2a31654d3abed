"""The checked-in schema is the one that is served, and it holds everything that clients may already rely on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
    print_ast,
)

from gateway.schema import build_schema
from tests.architecture.checkout import ROOT

CHECKED_IN = ROOT / "gateway" / "schema.graphql"

ROOTS = """
type Query {
  viewer: Viewer!
  node(id: ID!): Node
  database(databaseId: String!): Database
  databases(filter: DatabaseFilter, first: Int, after: String): DatabaseConnection!
  asset(databaseId: String!, assetId: String!, asOf: AsOf): Asset
  assets(databaseId: String, filter: AssetFilter, orderBy: [AssetOrder!], first: Int, after: String, last: Int,
    before: String): AssetConnection!
  file(databaseId: String!, assetId: String!, path: String!, versionId: String): File
  search(query: String, filter: SearchFilter, facets: [SearchFacet!], first: Int, after: String): SearchConnection!
  frames(filter: FrameFilter, first: Int, after: String): FrameConnection!
  frameStatistics(filter: FrameFilter, groupBy: [FrameDimension!]!): [FrameStatistic!]!
  upload(uploadId: ID!): Upload
  events(after: Position, filter: EventFilter, first: Int): EventConnection!
  projections: [Projection!]!
  tags(filter: TagFilter, first: Int, after: String): TagConnection!
  tagTypes(filter: TagTypeFilter, first: Int, after: String): TagTypeConnection!
  assetLink(assetLinkId: ID!): AssetLink
  metadataSchema(metadataSchemaId: ID!): MetadataSchema
  metadataSchemas(filter: MetadataSchemaFilter, first: Int, after: String): MetadataSchemaConnection!
}
type Mutation {
  createDatabase(input: CreateDatabaseInput!): CreateDatabasePayload!
  createAsset(input: CreateAssetInput!): CreateAssetPayload!
  updateAsset(input: UpdateAssetInput!): UpdateAssetPayload!
  archiveAsset(input: ArchiveAssetInput!): ArchiveAssetPayload!
  unarchiveAsset(input: UnarchiveAssetInput!): UnarchiveAssetPayload!
  startUpload(input: StartUploadInput!): StartUploadPayload!
  completeUpload(input: CompleteUploadInput!): CompleteUploadPayload!
  abortUpload(input: AbortUploadInput!): AbortUploadPayload!
  registerFiles(input: RegisterFilesInput!): RegisterFilesPayload!
  setMetadata(input: SetMetadataInput!): SetMetadataPayload!
  removeMetadata(input: RemoveMetadataInput!): RemoveMetadataPayload!
  createAssetVersion(input: CreateAssetVersionInput!): CreateAssetVersionPayload!
  requestRenditions(input: RequestRenditionsInput!): RequestRenditionsPayload!
  createTagType(input: CreateTagTypeInput!): CreateTagTypePayload!
  updateTagType(input: UpdateTagTypeInput!): UpdateTagTypePayload!
  deleteTagType(input: DeleteTagTypeInput!): DeleteTagTypePayload!
  createTag(input: CreateTagInput!): CreateTagPayload!
  updateTag(input: UpdateTagInput!): UpdateTagPayload!
  deleteTag(input: DeleteTagInput!): DeleteTagPayload!
  createMetadataSchema(input: CreateMetadataSchemaInput!): CreateMetadataSchemaPayload!
  updateMetadataSchema(input: UpdateMetadataSchemaInput!): UpdateMetadataSchemaPayload!
  deleteMetadataSchema(input: DeleteMetadataSchemaInput!): DeleteMetadataSchemaPayload!
  createAssetLink(input: CreateAssetLinkInput!): CreateAssetLinkPayload!
  updateAssetLink(input: UpdateAssetLinkInput!): UpdateAssetLinkPayload!
  deleteAssetLink(input: DeleteAssetLinkInput!): DeleteAssetLinkPayload!
  rebuildProjection(input: RebuildProjectionInput!): RebuildProjectionPayload!
}
type Subscription {
  events(after: Position, filter: EventFilter): Event!
  assetChanged(databaseId: String!, assetId: String!, after: Position): Asset!
  uploadProgress(uploadId: ID!): Upload!
  projectionProgress(name: String): Projection!
}
"""
"""Root fields as design.md, section 6, fixes them, for the nouns that exist."""


def test_the_checked_in_schema_is_current() -> None:
    expected = build_schema().as_str() + "\n"
    assert CHECKED_IN.read_text() == expected, "run: interneg schema print > gateway/schema.graphql"


def test_the_schema_has_the_root_fields_of_the_design() -> None:
    assert list(_differences(parse(ROOTS))) == []


def test_the_schema_holds_the_contract() -> None:
    assert list(_differences(_contract())) == []


def _contract() -> DocumentNode:
    candidates = [parent / "shared" / "spec" / "contract.graphql" for parent in ROOT.parents]
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        pytest.skip("shared/spec/contract.graphql is not beside this checkout")
    return parse(Path(found).read_text())


def _differences(wanted: DocumentNode) -> Iterator[str]:
    """What is wanted and is missing or otherwise in the schema, as Type or Type.field."""
    served = {one.name.value: one for one in _types(parse(build_schema().as_str()))}
    for definition in _types(wanted):
        name = definition.name.value
        if name not in served or served[name].kind != definition.kind:
            yield name
        else:
            missing = _parts(definition).items() - _parts(served[name]).items()
            yield from (f"{name}.{part}" for part, _ in sorted(missing))


def _types(document: DocumentNode) -> Iterator[TypeDefinitionNode]:
    return (one for one in document.definitions if isinstance(one, TypeDefinitionNode))


def _parts(definition: TypeDefinitionNode) -> dict[str, str]:
    """Everything in a definition that clients rely on, by name: types, arguments and defaults in one form."""
    match definition:
        case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
            interfaces = {f"implements {one.name.value}": "" for one in definition.interfaces or ()}
            return {**interfaces, **_arguments(definition.fields or ())}
        case InputObjectTypeDefinitionNode():
            return {field.name.value: _input(field) for field in definition.fields or ()}
        case EnumTypeDefinitionNode():
            return {value.name.value: "" for value in definition.values or ()}
        case UnionTypeDefinitionNode():
            return {member.name.value: "" for member in definition.types or ()}
    return {}


def _arguments(fields: tuple[FieldDefinitionNode, ...]) -> dict[str, str]:
    parts = {field.name.value: print_ast(field.type) for field in fields}
    for field in fields:
        parts |= {f"{field.name.value}({one.name.value})": _input(one) for one in field.arguments or ()}
    return parts


def _input(value: InputValueDefinitionNode) -> str:
    default = print_ast(value.default_value) if value.default_value else "none"
    return f"{print_ast(value.type)} = {default}"
