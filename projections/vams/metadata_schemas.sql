-- Metadata schemas, enabled or not; `fields` is an array in the names of VAMS, by sequence and then by key.
CREATE TABLE metadata_schema_storage (
    metadata_schema_id text NOT NULL,
    database_id text NOT NULL,             -- or GLOBAL
    metadata_entity_type text NOT NULL,    -- databaseMetadata | assetMetadata | fileMetadata | fileAttribute | assetLinkMetadata
    schema_name text NOT NULL,
    file_key_type_restriction text[] NOT NULL,
    fields jsonb NOT NULL,
    allows_other_keys boolean NOT NULL,    -- where a database restricts metadata to schemas
    enabled boolean NOT NULL,
    date_created timestamptz NOT NULL,
    date_modified timestamptz NOT NULL,
    created_by text NOT NULL,
    modified_by text NOT NULL,
    revision integer NOT NULL,             -- number of the schema's own events since it was created
    position bigint NOT NULL,
    PRIMARY KEY (metadata_schema_id, database_id, metadata_entity_type)
);
CREATE INDEX metadata_schema_database_entity_gsi
    ON metadata_schema_storage (database_id, metadata_entity_type, metadata_schema_id);
CREATE INDEX metadata_schema_entity_gsi ON metadata_schema_storage (metadata_entity_type, metadata_schema_id);
CREATE INDEX metadata_schema_database_gsi ON metadata_schema_storage (database_id, metadata_schema_id);
CREATE INDEX metadata_schema_vams_composite ON metadata_schema_storage ((database_id || ':' || metadata_entity_type));

-- The fields of all schemas, a row each.
CREATE VIEW metadata_schema_fields AS
SELECT
    s.metadata_schema_id,
    s.database_id,
    s.metadata_entity_type,
    s.schema_name,
    s.file_key_type_restriction,
    s.allows_other_keys,
    s.enabled,
    f."metadataFieldKeyName" AS key,
    f."metadataFieldValueType" AS value_type,
    f.required,
    f.sequence,
    f."dependsOnFieldKeyName" AS depends_on,
    f."controlledListKeys" AS controlled_list,
    f."defaultMetadataFieldValue" AS default_value
FROM metadata_schema_storage s CROSS JOIN LATERAL jsonb_to_recordset(s.fields) AS f (
    "metadataFieldKeyName" text,
    "metadataFieldValueType" text,
    required boolean,
    sequence integer,
    "dependsOnFieldKeyName" text[],
    "controlledListKeys" text[],
    "defaultMetadataFieldValue" text
);
