-- The records of one asset (%(database_id)s, %(asset_id)s), a query each; `print` stands for the schema of the tables.

-- name: asset
SELECT
    a.database_id AS "databaseId", a.asset_id AS "assetId", a.asset_name AS "assetName", a.asset_type AS "assetType",
    a.description, a.is_distributable AS "isDistributable", a.tags, a.bucket_id AS "bucketId",
    a.s3_bucket AS "bucketName", a.asset_location AS "assetLocation", a.preview_location AS "previewLocation",
    a.created_at AS "createdAt", a.updated_at AS "updatedAt", a.archived_at AS "archivedAt",
    a.archived_reason AS "archivedReason", a.current_version AS "currentVersionId", a.revision,
    CASE WHEN %(include_asset_metadata)s THEN coalesce((
        SELECT jsonb_object_agg(m.metadata_key,
            jsonb_build_object('valueType', m.metadata_value_type, 'value', m.metadata_value))
        FROM print.asset_file_metadata_storage m
        WHERE m.database_id = a.database_id AND m.asset_id = a.asset_id AND m.file_path = '/'
    ), '{}') END AS metadata,
    (
        SELECT jsonb_build_object('source', o.source, 'key', o.source_key, 'madeAt', o.made_at, 'madeBy', o.made_by,
            'attributes', o.attributes)
        FROM print.imported_origins o
        WHERE o.subject_kind = 'asset' AND o.subject = a.database_id || ':' || a.asset_id ORDER BY o.source LIMIT 1
    ) AS origin
FROM print.asset_storage a
WHERE a.database_id = %(database_id)s AND a.asset_id = %(asset_id)s

-- name: file
SELECT
    f.database_id AS "databaseId", f.asset_id AS "assetId", '/' || f.path AS "relativePath", f.s3_key AS key,
    f.s3_bucket AS "bucketName", f.s3_version_id AS "versionId", f.size_bytes AS size, f.etag,
    f.content_type AS "contentType", f.content_sha256 AS "sha256", f.last_modified AS "lastModified",
    f.archived_at AS "archivedAt", f.primary_type AS "primaryType",
    CASE WHEN %(include_file_metadata)s THEN coalesce((
        SELECT jsonb_object_agg(m.metadata_key,
            jsonb_build_object('valueType', m.metadata_value_type, 'value', m.metadata_value))
        FROM print.asset_file_metadata_storage m
        WHERE m.database_id = f.database_id AND m.asset_id = f.asset_id AND m.file_path = f.path
    ), '{}') END AS metadata,
    CASE WHEN %(include_file_metadata)s THEN coalesce((
        SELECT jsonb_object_agg(m.attribute_key,
            jsonb_build_object('valueType', m.attribute_value_type, 'value', m.attribute_value))
        FROM print.file_attribute_storage m
        WHERE m.database_id = f.database_id AND m.asset_id = f.asset_id AND m.file_path = f.path
    ), '{}') END AS attributes
FROM print.asset_files f
WHERE f.database_id = %(database_id)s AND f.asset_id = %(asset_id)s
AND (f.archived_at IS NULL OR %(include_archived_files)s)
AND (f.primary_type IS NOT NULL OR NOT %(include_only_primary_type_files)s)
AND (cardinality(%(file_extensions)s::text[]) = 0 OR f.file_extension = ANY (%(file_extensions)s))
ORDER BY f.path

-- name: assetVersion
SELECT
    v.database_id AS "databaseId", v.asset_id AS "assetId", v.asset_version_id::text AS "assetVersionId",
    v.version_alias AS "versionAlias", v.comment, v.is_archived AS "isArchived", v.created_at AS "createdAt",
    v.created_by AS "createdBy",
    (
        SELECT jsonb_build_object('source', o.source, 'key', o.source_key, 'madeAt', o.made_at, 'madeBy', o.made_by,
            'attributes', o.attributes)
        FROM print.imported_origins o
        WHERE o.subject_kind = 'asset-version' AND o.subject = v.database_id || ':' || v.asset_id || ':' || v.asset_version_id::text ORDER BY o.source LIMIT 1
    ) AS origin
FROM print.asset_versions_storage v
WHERE v.database_id = %(database_id)s AND v.asset_id = %(asset_id)s AND %(include_versions)s
ORDER BY v.asset_version_id

-- name: assetVersionFile
SELECT
    f.database_id AS "databaseId", f.asset_id AS "assetId", f.asset_version_id::text AS "assetVersionId",
    '/' || f.file_key AS "relativePath", f.version_id AS "versionId", f.size_bytes AS size, f.etag,
    f.last_modified AS "lastModified"
FROM print.asset_file_versions_storage f
WHERE f.database_id = %(database_id)s AND f.asset_id = %(asset_id)s AND %(include_versions)s
ORDER BY f.asset_version_id, f.file_key

-- name: assetVersionMetadata
SELECT
    m.database_id AS "databaseId", m.asset_id AS "assetId", m.asset_version_id::text AS "assetVersionId",
    m.type, '/' || ltrim(m.file_path, '/') AS "relativePath", m.metadata_key AS "metadataKey",
    m.metadata_value AS "metadataValue", m.metadata_value_type AS "metadataValueType"
FROM print.asset_file_metadata_versions_storage m
WHERE m.database_id = %(database_id)s AND m.asset_id = %(asset_id)s AND %(include_versions)s
ORDER BY m.asset_version_id, m.type, m.file_path, m.metadata_key

-- name: comment
SELECT
    c.database_id AS "databaseId", c.asset_id AS "assetId", c.comment_id AS "commentId",
    c.asset_version_id::text AS "assetVersionId", '/' || c.file_path AS "relativePath",
    c.s3_version_id AS "versionId", c.first_frame AS "firstFrame", c.last_frame AS "lastFrame",
    c.reply_to AS "replyTo", c.comment_body AS "commentBody", c.comment_owner_id AS "commentOwnerId",
    c.date_created AS "dateCreated", c.date_edited AS "dateEdited",
    (
        SELECT jsonb_build_object('source', o.source, 'key', o.source_key, 'madeAt', o.made_at, 'madeBy', o.made_by,
            'attributes', o.attributes)
        FROM print.imported_origins o
        WHERE o.subject_kind = 'comment' AND o.subject = c.database_id || ':' || c.asset_id || ':' || c.comment_id ORDER BY o.source LIMIT 1
    ) AS origin
FROM print.comment_storage c
WHERE c.database_id = %(database_id)s AND c.asset_id = %(asset_id)s AND c.date_deleted IS NULL
AND %(include_comments)s
ORDER BY c.date_created, c.comment_id

-- name: relationship
SELECT
    l.asset_link_id AS "assetLinkId", l.relationship_type AS "relationshipType",
    l.from_asset_database_id AS "fromAssetDatabaseId", l.from_asset_id AS "fromAssetId",
    l.to_asset_database_id AS "toAssetDatabaseId", l.to_asset_id AS "toAssetId",
    CASE WHEN f.asset_id IS NULL THEN 'missing' WHEN f.archived_at IS NULL THEN 'active' ELSE 'archived' END
        AS "fromAssetState",
    CASE WHEN t.asset_id IS NULL THEN 'missing' WHEN t.archived_at IS NULL THEN 'active' ELSE 'archived' END
        AS "toAssetState",
    l.asset_link_alias_id AS "assetLinkAliasId", l.tags,
    CASE WHEN %(include_asset_link_metadata)s THEN coalesce((
        SELECT jsonb_object_agg(m.metadata_key,
            jsonb_build_object('valueType', m.metadata_value_type, 'value', m.metadata_value))
        FROM print.asset_link_metadata_storage m WHERE m.asset_link_id = l.asset_link_id
    ), '{}') END AS metadata,
    (
        SELECT jsonb_build_object('source', o.source, 'key', o.source_key, 'madeAt', o.made_at, 'madeBy', o.made_by,
            'attributes', o.attributes)
        FROM print.imported_origins o
        WHERE o.subject_kind = 'asset-link' AND o.subject = l.asset_link_id ORDER BY o.source LIMIT 1
    ) AS origin
FROM (
    SELECT * FROM print.asset_links_storage o
    WHERE o.from_asset_database_id = %(database_id)s AND o.from_asset_id = %(asset_id)s
    UNION ALL
    SELECT * FROM print.asset_links_storage i
    WHERE i.to_asset_database_id = %(database_id)s AND i.to_asset_id = %(asset_id)s
    AND (i.relationship_type = 'related' OR %(include_parent_relationships)s)
) l
LEFT JOIN print.asset_storage f ON f.database_id = l.from_asset_database_id AND f.asset_id = l.from_asset_id
LEFT JOIN print.asset_storage t ON t.database_id = l.to_asset_database_id AND t.asset_id = l.to_asset_id
WHERE %(fetch_asset_relationships)s
ORDER BY l.asset_link_id

-- name: children
SELECT l.to_asset_database_id, l.to_asset_id, a.archived_at IS NOT NULL
FROM unnest(%(databases)s::text[], %(assets)s::text[]) AS level (database_id, asset_id)
JOIN print.asset_links_storage l
    ON l.from_asset_database_id = level.database_id AND l.from_asset_id = level.asset_id
JOIN print.asset_storage a ON a.database_id = l.to_asset_database_id AND a.asset_id = l.to_asset_id
WHERE l.relationship_type = 'parentChild'
GROUP BY 1, 2, 3 ORDER BY 1, 2
