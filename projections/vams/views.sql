-- The print's tables under VAMS's names, with its attribute names, composite key strings and the #deleted form.
-- The first schema of the search path is the print's own schema of views, the second holds its tables. A composite
-- string is found by an index on the same expression: of the table itself (schema.sql), or of the asset or the version
-- that its rows belong to, so that large tables carry no index for the sake of a view.

CREATE FUNCTION iso8601(moment timestamptz) RETURNS text LANGUAGE sql STABLE
    RETURN to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- VAMS knows people by their bare id; other kinds of actor keep theirs.
CREATE FUNCTION user_of(actor text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN regexp_replace(actor, '^user:', '');

CREATE VIEW "AssetStorageTable" AS
SELECT
    CASE WHEN archived_at IS NULL THEN database_id ELSE database_id || '#deleted' END AS "databaseId",
    asset_id AS "assetId",
    asset_name AS "assetName",
    asset_type AS "assetType",
    description,
    is_distributable AS "isDistributable",
    tags,
    jsonb_build_object('Key', asset_location) AS "assetLocation",
    CASE WHEN preview_location IS NOT NULL THEN jsonb_build_object('Key', preview_location) END AS "previewLocation",
    bucket_id AS "bucketId",
    coalesce(current_version, 0)::text AS "currentVersionId",
    CASE WHEN archived_at IS NULL THEN 'active' ELSE 'archived' END AS status,
    iso8601(archived_at) AS "archivedAt",
    archived_reason AS "archivedReason",
    iso8601(created_at) AS "createdAt",
    iso8601(updated_at) AS "updatedAt"
FROM asset_storage;

CREATE VIEW "DatabaseStorageTable" AS
SELECT
    CASE WHEN archived_at IS NULL THEN database_id ELSE database_id || '#deleted' END AS "databaseId",
    description,
    default_bucket_id AS "defaultBucketId",
    restrict_metadata_outside_schemas AS "restrictMetadataOutsideSchemas",
    array_to_string(restrict_file_uploads_to_extensions, ',') AS "restrictFileUploadsToExtensions",
    asset_count AS "assetCount",
    to_char(created_at AT TIME ZONE 'UTC', 'FMMonth DD YYYY - HH24:MI:SS') AS "dateCreated"
FROM database_storage;

CREATE VIEW "AssetVersionsStorageTableV2" AS
SELECT
    a.database_id || ':' || a.asset_id AS "databaseId:assetId",
    v.asset_version_id::text AS "assetVersionId",
    v.database_id AS "databaseId",
    v.asset_id AS "assetId",
    v.version_alias AS "versionAlias",
    v.comment,
    a.description,
    v.is_archived AS "isArchived",
    coalesce(v.asset_version_id = a.current_version, false) AS "isCurrentVersion",
    iso8601(v.created_at) AS "createdAt",
    iso8601(v.created_at) AS "dateCreated",
    user_of(v.created_by) AS "createdBy"
FROM asset_versions_storage v
JOIN asset_storage a USING (database_id, asset_id);

CREATE VIEW "AssetFileVersionsStorageTableV2" AS
SELECT
    v.database_id || ':' || v.asset_id || ':' || v.asset_version_id::text AS "databaseId:assetId:assetVersionId",
    '/' || f.file_key AS "fileKey",
    a.database_id || ':' || a.asset_id AS "databaseId:assetId",
    '/' || f.file_key AS "relativeKey",
    f.version_id AS "versionId",
    f.size_bytes AS size,
    f.etag,
    iso8601(f.last_modified) AS "lastModified"
FROM asset_file_versions_storage f
JOIN asset_versions_storage v USING (database_id, asset_id, asset_version_id)
JOIN asset_storage a USING (database_id, asset_id);

CREATE VIEW "AssetFileMetadataVersionsStorageTable" AS
SELECT
    v.database_id || ':' || v.asset_id || ':' || v.asset_version_id::text AS "databaseId:assetId:assetVersionId",
    m.type || ':/' || ltrim(m.file_path, '/') || ':' || m.metadata_key AS "type:filePath:metadataKey",
    a.database_id || ':' || a.asset_id AS "databaseId:assetId",
    m.type,
    '/' || ltrim(m.file_path, '/') AS "filePath",
    m.metadata_key AS "metadataKey",
    m.metadata_value AS "metadataValue",
    m.metadata_value_type AS "metadataValueType",
    iso8601(v.created_at) AS "createdAt"
FROM asset_file_metadata_versions_storage m
JOIN asset_versions_storage v USING (database_id, asset_id, asset_version_id)
JOIN asset_storage a USING (database_id, asset_id);

CREATE VIEW "AssetUploadsStorageTable" AS
SELECT
    upload_id AS "uploadId",
    asset_id AS "assetId",
    database_id AS "databaseId",
    user_id AS "UserId",
    upload_type AS "uploadType",
    state AS status,
    iso8601(created_at) AS "createdAt",
    extract(epoch FROM expires_at)::bigint AS "expiresAt",
    jsonb_array_length(files) AS "totalFiles"
FROM asset_uploads_storage;

CREATE VIEW "DatabaseMetadataStorageTableV2" AS
SELECT
    metadata_key AS "metadataKey",
    database_id AS "databaseId",
    metadata_value AS "metadataValue",
    metadata_value_type AS "metadataValueType"
FROM database_metadata_storage;

CREATE VIEW "AssetFileMetadataStorageTableV2" AS
SELECT
    m.metadata_key AS "metadataKey",
    m.database_id || ':' || m.asset_id || ':/' || ltrim(m.file_path, '/') AS "databaseId:assetId:filePath",
    a.database_id || ':' || a.asset_id AS "databaseId:assetId",
    '/' || ltrim(m.file_path, '/') AS "filePath",
    m.metadata_value AS "metadataValue",
    m.metadata_value_type AS "metadataValueType"
FROM asset_file_metadata_storage m
JOIN asset_storage a USING (database_id, asset_id);

CREATE VIEW "FileAttributeStorageTableV2" AS
SELECT
    m.attribute_key AS "attributeKey",
    m.database_id || ':' || m.asset_id || ':/' || ltrim(m.file_path, '/') AS "databaseId:assetId:filePath",
    a.database_id || ':' || a.asset_id AS "databaseId:assetId",
    '/' || ltrim(m.file_path, '/') AS "filePath",
    m.attribute_value AS "attributeValue",
    m.attribute_value_type AS "attributeValueType"
FROM file_attribute_storage m
JOIN asset_storage a USING (database_id, asset_id);

CREATE VIEW "AssetLinksStorageTableV2" AS
SELECT
    asset_link_id AS "assetLinkId",
    from_asset_database_id || ':' || from_asset_id AS "fromAssetDatabaseId:fromAssetId",
    to_asset_database_id || ':' || to_asset_id AS "toAssetDatabaseId:toAssetId",
    from_asset_id AS "fromAssetId",
    from_asset_database_id AS "fromAssetDatabaseId",
    to_asset_id AS "toAssetId",
    to_asset_database_id AS "toAssetDatabaseId",
    relationship_type AS "relationshipType",
    asset_link_alias_id AS "assetLinkAliasId",
    tags
FROM asset_links_storage;

CREATE VIEW "AssetLinksMetadataStorageTable" AS
SELECT
    asset_link_id AS "assetLinkId",
    metadata_key AS "metadataKey",
    metadata_value AS "metadataValue",
    metadata_value_type AS "metadataValueType"
FROM asset_link_metadata_storage;

CREATE VIEW "TagStorageTable" AS
SELECT tag_name AS "tagName", description, tag_type_name AS "tagTypeName" FROM tag_storage;

CREATE VIEW "TagTypeStorageTable" AS
SELECT tag_type_name AS "tagTypeName", description, CASE WHEN required THEN 'True' ELSE 'False' END AS required
FROM tag_type_storage;

-- VAMS has one event name and a list of subscribers an asset; ours, one row each, are gathered.
CREATE VIEW "SubscriptionsStorageTable" AS
SELECT
    'Asset Version Change'::text AS "eventName",
    'Asset#' || asset_id AS "entityName_entityId",
    array_agg(DISTINCT user_of(subscriber_id)) AS subscribers
FROM subscriptions_storage
WHERE asset_id IS NOT NULL AND is_active
GROUP BY 'Asset#' || asset_id;

-- A comment about no version has version 0, which in VAMS is the asset before its first one.
CREATE VIEW "CommentStorageTable" AS
SELECT
    CASE WHEN date_deleted IS NULL THEN asset_id ELSE asset_id || '#deleted' END AS "assetId",
    coalesce(asset_version_id, 0)::text || ':' || comment_id AS "assetVersionId:commentId",
    comment_body AS "commentBody",
    user_of(comment_owner_id) AS "commentOwnerID",
    user_of(comment_owner_id) AS "commentOwnerUsername",
    iso8601(date_created) AS "dateCreated",
    iso8601(date_edited) AS "dateEdited"
FROM comment_storage;

CREATE VIEW "AppFeatureEnabledStorageTable" AS
SELECT feature_name AS "featureName" FROM app_feature_enabled_storage;

CREATE VIEW "S3AssetBucketsStorageTable" AS
SELECT
    bucket_id AS "bucketId",
    bucket_name || ':' || base_assets_prefix AS "bucketName:baseAssetsPrefix",
    bucket_name AS "bucketName",
    base_assets_prefix AS "baseAssetsPrefix",
    is_versioning_enabled AS "isVersioningEnabled"
FROM s3_asset_buckets_storage;

-- Permissions as VAMS writes them, of one principal or, where that is null, of all.
CREATE FUNCTION permissions_of(list jsonb, principal text, attribute text, given text) RETURNS jsonb LANGUAGE sql STABLE
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            attribute, one -> given, 'permission', one -> 'permission', 'permissionType', one -> 'permission_type'
        ) ORDER BY place), '[]')
        FROM jsonb_array_elements(list) WITH ORDINALITY AS listed (one, place)
        WHERE principal IS NULL OR one ->> given = principal
    );

-- The constraint itself, then a row for each of its groups and users, which carries that one's permissions alone.
CREATE VIEW "ConstraintsStorageTable" AS
SELECT
    p.key AS "constraintId", p.group_id AS "groupId", p.user_id AS "userId", p.object_type AS "objectType",
    c.name, c.description, c.criteria_and AS "criteriaAnd", c.criteria_or AS "criteriaOr",
    CASE WHEN p.user_id IS NULL THEN permissions_of(c.group_permissions, p.group_id, 'groupId', 'group_id')
        ELSE '[]' END AS "groupPermissions",
    CASE WHEN p.group_id IS NULL THEN permissions_of(c.user_permissions, p.user_id, 'userId', 'user_id')
        ELSE '[]' END AS "userPermissions",
    iso8601(c.date_created) AS "dateCreated",
    iso8601(c.date_modified) AS "dateModified",
    user_of(c.created_by) AS "createdBy",
    user_of(c.modified_by) AS "modifiedBy"
FROM (
    SELECT constraint_id, constraint_id AS key, NULL::text AS group_id, NULL::text AS user_id, object_type
    FROM constraints_storage
    UNION ALL
    SELECT DISTINCT constraint_id, constraint_id || '#group#' || principal_id, principal_id, NULL, object_type
    FROM constraint_permissions WHERE principal_kind = 'group'
    UNION ALL
    SELECT DISTINCT constraint_id, constraint_id || '#user#' || principal_id, NULL, principal_id, object_type
    FROM constraint_permissions WHERE principal_kind = 'user'
) p
JOIN constraints_storage c USING (constraint_id);

-- VAMS's store of constraints before the table above; it shows the same constraints under the keys of that time.
CREATE VIEW "AuthEntitiesStorageTable" AS
SELECT
    'constraint'::text AS "entityType",
    'constraint#' || constraint_id AS sk,
    constraint_id AS "constraintId",
    name,
    description,
    object_type AS "objectType",
    criteria_and AS "criteriaAnd",
    criteria_or AS "criteriaOr",
    permissions_of(group_permissions, NULL, 'groupId', 'group_id') AS "groupPermissions",
    permissions_of(user_permissions, NULL, 'userId', 'user_id') AS "userPermissions"
FROM constraints_storage;

CREATE VIEW "RolesStorageTable" AS
SELECT
    role_name AS "roleName",
    description,
    iso8601(created_on) AS "createdOn",
    'INTERNAL_SYSTEM'::text AS source,
    mfa_required AS "mfaRequired"
FROM roles_storage;

CREATE VIEW "UserRolesStorageTable" AS
SELECT user_id AS "userId", role_name AS "roleName", iso8601(created_on) AS "createdOn" FROM user_roles_storage;

CREATE VIEW "UserStorageTable" AS
SELECT user_id AS "userId", email FROM user_storage;

CREATE VIEW "ApiKeyStorageTable" AS
SELECT
    api_key_id AS "apiKeyId",
    api_key_name AS "apiKeyName",
    api_key_hash AS "apiKeyHash",
    user_id AS "userId",
    description,
    user_of(created_by) AS "createdBy",
    iso8601(created_at) AS "createdAt",
    iso8601(updated_at) AS "updatedAt",
    coalesce(iso8601(expires_at), '') AS "expiresAt",
    CASE WHEN is_active THEN 'true' ELSE 'false' END AS "isActive"
FROM api_key_storage;

-- VAMS knows execution kinds of AWS; ours keep their names.
CREATE VIEW "PipelineStorageTable" AS
SELECT
    CASE WHEN deleted_at IS NULL THEN database_id ELSE database_id || '#deleted' END AS "databaseId",
    pipeline_id AS "pipelineId",
    description,
    CASE pipeline_type WHEN 'PREVIEW_FILE' THEN 'previewFile' ELSE 'standardFile' END AS "pipelineType",
    pipeline_execution_type AS "pipelineExecutionType",
    asset_type AS "assetType",
    output_type AS "outputType",
    CASE WHEN wait_for_callback THEN 'Enabled' ELSE 'Disabled' END AS "waitForCallback",
    task_timeout_seconds::text AS "taskTimeout",
    task_heartbeat_timeout_seconds::text AS "taskHeartbeatTimeout",
    jsonb_build_object('resourceId', resource, 'isProvided', true) AS "userProvidedResource",
    input_parameters AS "inputParameters",
    enabled,
    iso8601(date_created) AS "dateCreated",
    iso8601(date_updated) AS "dateUpdated"
FROM pipeline_storage;

CREATE VIEW "WorkflowStorageTable" AS
SELECT
    CASE WHEN deleted_at IS NULL THEN database_id ELSE database_id || '#deleted' END AS "databaseId",
    workflow_id AS "workflowId",
    description,
    jsonb_build_object('functions', (
        SELECT jsonb_agg(jsonb_build_object('name', p -> 'pipelineId', 'databaseId', p -> 'databaseId') ORDER BY place)
        FROM jsonb_array_elements(pipelines) WITH ORDINALITY AS listed (p, place)
    )) AS "specifiedPipelines",
    array_to_string(auto_trigger_extensions, ',') AS "autoTriggerOnFileExtensionsUpload",
    iso8601(date_created) AS "dateCreated",
    iso8601(date_modified) AS "dateModified",
    user_of(modified_by) AS "modifiedBy"
FROM workflow_storage;

CREATE VIEW "WorkflowExecutionsStorageTable" AS
SELECT
    a.database_id || ':' || a.asset_id AS "databaseId:assetId",
    e.execution_id AS "executionId",
    e.workflow_database_id || ':' || e.workflow_id AS "workflowDatabaseId:workflowId",
    e.workflow_id AS "workflowId",
    e.workflow_database_id AS "workflowDatabaseId",
    e.database_id AS "databaseId",
    e.asset_id AS "assetId",
    CASE WHEN e.input_asset_file_key IS NULL THEN '/' ELSE '/' || e.input_asset_file_key END AS "inputAssetFileKey",
    e.execution_status AS "executionStatus",
    iso8601(e.start_date) AS "startDate",
    iso8601(e.stop_date) AS "stopDate"
FROM workflow_executions_storage e
JOIN asset_storage a USING (database_id, asset_id);

CREATE VIEW "MetadataSchemaStorageTableV2" AS
SELECT
    metadata_schema_id AS "metadataSchemaId",
    database_id || ':' || metadata_entity_type AS "databaseId:metadataEntityType",
    database_id AS "databaseId",
    metadata_entity_type AS "metadataEntityType",
    schema_name AS "schemaName",
    array_to_string(file_key_type_restriction, ',') AS "fileKeyTypeRestriction",
    enabled,
    jsonb_build_object('fields', fields) AS fields,
    iso8601(date_created) AS "dateCreated",
    iso8601(date_modified) AS "dateModified",
    user_of(created_by) AS "createdBy",
    user_of(modified_by) AS "modifiedBy"
FROM metadata_schema_storage;
