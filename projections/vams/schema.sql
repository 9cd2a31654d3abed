-- One print of the tables projection. Names are unqualified: the print's schema is the search path.
-- A *_history table holds every state a row ever had, valid from `valid_from` (inclusive) to `valid_to` (exclusive;
-- null while it is the present state), both positions of the log. The table without the suffix holds the present.

CREATE TABLE s3_asset_buckets_storage (
    bucket_id text PRIMARY KEY,
    bucket_name text NOT NULL,
    base_assets_prefix text NOT NULL,
    is_versioning_enabled boolean NOT NULL,
    sync_database_id text                  -- gets the assets of new folders; null leaves it to the only database of the bucket
);
CREATE UNIQUE INDEX bucket_name_gsi ON s3_asset_buckets_storage (bucket_name, base_assets_prefix);

CREATE TABLE database_storage (
    database_id text PRIMARY KEY,
    description text NOT NULL,
    default_bucket_id text NOT NULL,
    restrict_metadata_outside_schemas boolean NOT NULL,
    restrict_file_uploads_to_extensions text[] NOT NULL,
    blocked_file_extensions text[] NOT NULL,
    asset_count integer NOT NULL,          -- of assets that are not archived
    created_at timestamptz NOT NULL,
    archived_at timestamptz,
    revision integer NOT NULL,
    position bigint NOT NULL
);
CREATE INDEX database_vams_key ON database_storage (
    (CASE WHEN archived_at IS NULL THEN database_id ELSE database_id || '#deleted' END)
);

CREATE TABLE database_storage_history (
    LIKE database_storage,
    valid_from bigint NOT NULL,
    valid_to bigint,
    PRIMARY KEY (database_id, valid_from)
);

CREATE TABLE database_metadata_storage (
    database_id text NOT NULL,
    metadata_key text NOT NULL,
    metadata_value text NOT NULL,
    metadata_value_type text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (database_id, metadata_key)
);

CREATE TABLE database_metadata_history (
    LIKE database_metadata_storage,
    valid_from bigint NOT NULL,
    valid_to bigint,
    PRIMARY KEY (database_id, metadata_key, valid_from)
);
CREATE INDEX database_metadata_key ON database_metadata_storage (metadata_key, database_id);

CREATE TABLE asset_storage (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    asset_name text NOT NULL,
    asset_type text NOT NULL,              -- none | folder | .ext | unknown, from the paths of its files
    description text NOT NULL,
    is_distributable boolean NOT NULL,
    tags text[] NOT NULL,
    bucket_id text NOT NULL,
    s3_bucket text NOT NULL,
    asset_location text NOT NULL,
    preview_location text,                 -- key of the preview image
    preview_version_id text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    archived_at timestamptz,
    archived_reason text,
    current_version integer,               -- null before the first version
    revision integer NOT NULL,
    position bigint NOT NULL,              -- of the last event of the asset's own stream
    PRIMARY KEY (database_id, asset_id)
);
CREATE INDEX asset_bucket_id_gsi ON asset_storage (bucket_id, asset_id);
CREATE INDEX asset_id_gsi ON asset_storage (asset_id, database_id);
CREATE INDEX asset_name_order ON asset_storage (asset_name, database_id, asset_id);
CREATE INDEX asset_created_order ON asset_storage (created_at, database_id, asset_id);
CREATE INDEX asset_updated_order ON asset_storage (updated_at, database_id, asset_id);
CREATE INDEX asset_tags ON asset_storage USING gin (tags);
-- The keys that views.sql shows: see there.
CREATE INDEX asset_vams_key ON asset_storage (
    (CASE WHEN archived_at IS NULL THEN database_id ELSE database_id || '#deleted' END), asset_id
);
CREATE INDEX asset_vams_composite ON asset_storage ((database_id || ':' || asset_id));

CREATE TABLE asset_storage_history (
    LIKE asset_storage,
    valid_from bigint NOT NULL,
    valid_to bigint,
    PRIMARY KEY (database_id, asset_id, valid_from)
);
-- Lists of the past, in the orders and by the tags that the present has indexes for.
CREATE INDEX asset_name_order_then ON asset_storage_history (asset_name, database_id, asset_id, valid_from);
CREATE INDEX asset_created_order_then ON asset_storage_history (created_at, database_id, asset_id, valid_from);
CREATE INDEX asset_updated_order_then ON asset_storage_history (updated_at, database_id, asset_id, valid_from);
CREATE INDEX asset_tags_then ON asset_storage_history USING gin (tags);

CREATE TABLE asset_files (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    path text COLLATE "C" NOT NULL,
    s3_bucket text NOT NULL,
    s3_key text NOT NULL,
    s3_version_id text NOT NULL,
    size_bytes bigint NOT NULL,
    etag text NOT NULL,
    content_type text NOT NULL,
    content_sha256 text,
    last_modified timestamptz NOT NULL,
    archived_at timestamptz,
    primary_type text,
    primary_type_other text,
    preview_of text COLLATE "C",           -- path of the file that it is a preview of; null when it is none
    file_extension text NOT NULL,          -- lower case with its dot; empty when there is none
    sequence_pattern text,                 -- the path with the digits of its frame as #; null when it is no frame
    frame_number integer,
    revision integer NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (database_id, asset_id, path)
);
CREATE INDEX asset_files_object ON asset_files (s3_bucket, s3_key);
CREATE INDEX asset_files_sequence ON asset_files (database_id, asset_id, sequence_pattern, frame_number)
    WHERE sequence_pattern IS NOT NULL;

-- Every state of every file: a row an event of its stream, as metadata moves the file's revision too.
CREATE TABLE asset_files_history (
    LIKE asset_files,
    valid_from bigint NOT NULL,
    valid_to bigint,
    PRIMARY KEY (database_id, asset_id, path, valid_from)
);

-- Every object version that was ever seen at a path, newest last by position.
CREATE TABLE file_versions (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    path text COLLATE "C" NOT NULL,
    s3_version_id text NOT NULL,
    s3_bucket text NOT NULL,
    s3_key text NOT NULL,
    size_bytes bigint NOT NULL,
    etag text NOT NULL,
    content_type text NOT NULL,
    content_sha256 text,
    last_modified timestamptz NOT NULL,
    archived_at timestamptz,
    position bigint NOT NULL,
    deleted_position bigint,               -- of the event that deleted it permanently; null while it is there
    PRIMARY KEY (database_id, asset_id, path, s3_version_id)
);

-- Metadata of assets (file_path '/') and of their files (the path), as people wrote it.
CREATE TABLE asset_file_metadata_storage (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    file_path text COLLATE "C" NOT NULL,
    metadata_key text NOT NULL,
    metadata_value text NOT NULL,
    metadata_value_type text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (database_id, asset_id, file_path, metadata_key)
);
CREATE INDEX asset_file_metadata_key ON asset_file_metadata_storage (metadata_key, database_id, asset_id, file_path);
CREATE INDEX asset_file_metadata_asset ON asset_file_metadata_storage (database_id, asset_id, metadata_key);
CREATE INDEX asset_file_metadata_vams_composite ON asset_file_metadata_storage
    USING hash ((database_id || ':' || asset_id || ':/' || ltrim(file_path, '/')));

CREATE TABLE asset_file_metadata_history (
    LIKE asset_file_metadata_storage,
    valid_from bigint NOT NULL,
    valid_to bigint,
    PRIMARY KEY (database_id, asset_id, file_path, metadata_key, valid_from)
);

-- Attributes of files, as machines wrote them.
CREATE TABLE file_attribute_storage (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    file_path text COLLATE "C" NOT NULL,
    attribute_key text NOT NULL,
    attribute_value text NOT NULL,
    attribute_value_type text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (database_id, asset_id, file_path, attribute_key)
);
CREATE INDEX file_attribute_key ON file_attribute_storage (attribute_key, database_id, asset_id, file_path);
CREATE INDEX file_attribute_asset ON file_attribute_storage (database_id, asset_id, attribute_key);
CREATE INDEX file_attribute_vams_composite ON file_attribute_storage
    USING hash ((database_id || ':' || asset_id || ':/' || ltrim(file_path, '/')));

CREATE TABLE file_attribute_history (
    LIKE file_attribute_storage,
    valid_from bigint NOT NULL,
    valid_to bigint,
    PRIMARY KEY (database_id, asset_id, file_path, attribute_key, valid_from)
);

CREATE TABLE asset_versions_storage (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    asset_version_id integer NOT NULL,
    version_alias text,
    comment text NOT NULL,
    is_archived boolean NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (database_id, asset_id, asset_version_id)
);

CREATE TABLE asset_versions_storage_history (
    LIKE asset_versions_storage,
    valid_from bigint NOT NULL,
    valid_to bigint,
    PRIMARY KEY (database_id, asset_id, asset_version_id, valid_from)
);
CREATE INDEX asset_versions_alias ON asset_versions_storage (database_id, asset_id, version_alias)
    WHERE version_alias IS NOT NULL;
CREATE INDEX asset_versions_vams_composite ON asset_versions_storage (
    (database_id || ':' || asset_id || ':' || asset_version_id::text)
);

-- Wanted returns to older versions, and how each of them ended.
CREATE TABLE asset_reverts (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    revert_id integer NOT NULL,
    reverted_from integer NOT NULL,        -- the version to go back to
    comment text NOT NULL,
    with_metadata boolean NOT NULL,
    state text NOT NULL,                   -- REQUESTED | DONE | FAILED
    asset_version_id integer,              -- the version that was made; null until it is done
    skipped_paths text[] NOT NULL,
    failure text,
    requested_at timestamptz NOT NULL,
    requested_by text NOT NULL,
    ended_at timestamptz,
    position bigint NOT NULL,
    PRIMARY KEY (database_id, asset_id, revert_id)
);

CREATE TABLE asset_file_versions_storage (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    asset_version_id integer NOT NULL,
    file_key text COLLATE "C" NOT NULL,    -- path inside the asset
    version_id text NOT NULL,              -- object version
    size_bytes bigint NOT NULL,
    etag text NOT NULL,
    last_modified timestamptz NOT NULL,
    PRIMARY KEY (database_id, asset_id, asset_version_id, file_key)
);
CREATE INDEX asset_file_versions_file ON asset_file_versions_storage (database_id, asset_id, file_key, version_id);

CREATE TABLE asset_file_metadata_versions_storage (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    asset_version_id integer NOT NULL,
    type text NOT NULL,                    -- metadata | attribute
    file_path text COLLATE "C" NOT NULL,   -- '/' is the asset itself
    metadata_key text NOT NULL,
    metadata_value text NOT NULL,
    metadata_value_type text NOT NULL,
    PRIMARY KEY (database_id, asset_id, asset_version_id, type, file_path, metadata_key)
);

CREATE TABLE asset_uploads_storage (
    upload_id text PRIMARY KEY,
    database_id text NOT NULL,
    asset_id text NOT NULL,
    user_id text NOT NULL,
    upload_type text NOT NULL,
    s3_bucket text NOT NULL,
    state text NOT NULL,                   -- STARTED | COMPLETED | COMPLETED_WITH_ERRORS | ABORTED | EXPIRED
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    files jsonb NOT NULL,                  -- [{path, sizeBytes, partSizeBytes, s3Key, multipartId, errorCode, errorMessage, s3VersionId}]
    revision integer NOT NULL,
    position bigint NOT NULL
);
CREATE INDEX uploads_asset_id_gsi ON asset_uploads_storage (asset_id, upload_id);
CREATE INDEX uploads_database_id_gsi ON asset_uploads_storage (database_id, upload_id);
CREATE INDEX uploads_user_id_gsi ON asset_uploads_storage (user_id, created_at);

-- What inspection found in an object version; parts hold their channels, in the names of the GraphQL types.
CREATE TABLE file_media (
    s3_bucket text NOT NULL,
    s3_key text NOT NULL,
    s3_version_id text NOT NULL,
    file_id text NOT NULL,
    is_deep boolean NOT NULL,
    frame_number integer,
    parts jsonb NOT NULL,
    attributes jsonb NOT NULL,             -- [{partIndex, attrName, attrType, value}]
    position bigint NOT NULL,
    PRIMARY KEY (s3_bucket, s3_key, s3_version_id)
);

CREATE TABLE renditions (
    s3_bucket text NOT NULL,
    source_s3_key text NOT NULL,
    source_s3_version_id text NOT NULL,
    kind text NOT NULL,                    -- THUMBNAIL | PROXY
    state text NOT NULL,                   -- REQUESTED | READY | FAILED
    s3_key text,
    s3_version_id text,
    content_type text,
    width integer,
    height integer,
    size_bytes bigint,
    color_space text,
    source_color_space text,
    color_rule text,
    view text,
    failure text,
    failure_code text,
    attempts integer NOT NULL,
    produced_at timestamptz,
    position bigint NOT NULL,
    PRIMARY KEY (s3_bucket, source_s3_key, source_s3_version_id, kind)
);

CREATE TABLE tag_type_storage (
    tag_type_name text PRIMARY KEY,
    description text NOT NULL,
    required boolean NOT NULL,             -- assets need a tag of it, as soon as it has any
    revision integer NOT NULL,             -- number of the type's own events since it was created
    position bigint NOT NULL
);

CREATE TABLE tag_storage (
    tag_name text PRIMARY KEY,
    tag_type_name text NOT NULL,
    description text NOT NULL,
    revision integer NOT NULL,             -- number of the tag's own events since it was created
    position bigint NOT NULL
);
CREATE INDEX tags_of_type ON tag_storage (tag_type_name, tag_name);

CREATE TABLE asset_links_storage (
    asset_link_id text PRIMARY KEY,
    from_asset_database_id text NOT NULL,
    from_asset_id text NOT NULL,           -- the parent, unless the two are related
    to_asset_database_id text NOT NULL,
    to_asset_id text NOT NULL,
    relationship_type text NOT NULL,       -- related | parentChild
    asset_link_alias_id text,
    tags text[] NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    revision integer NOT NULL,
    position bigint NOT NULL               -- of the last event of the link's own stream
);
CREATE INDEX from_asset_gsi ON asset_links_storage (
    from_asset_database_id, from_asset_id, to_asset_database_id, to_asset_id
);
CREATE INDEX to_asset_gsi ON asset_links_storage (
    to_asset_database_id, to_asset_id, from_asset_database_id, from_asset_id
);
CREATE INDEX from_asset_vams_composite ON asset_links_storage ((from_asset_database_id || ':' || from_asset_id));
CREATE INDEX to_asset_vams_composite ON asset_links_storage ((to_asset_database_id || ':' || to_asset_id));

CREATE TABLE asset_links_history (
    LIKE asset_links_storage,
    valid_from bigint NOT NULL,
    valid_to bigint,
    PRIMARY KEY (asset_link_id, valid_from)
);
CREATE INDEX links_from_asset_then ON asset_links_history (from_asset_database_id, from_asset_id);
CREATE INDEX links_to_asset_then ON asset_links_history (to_asset_database_id, to_asset_id);

CREATE TABLE asset_link_metadata_storage (
    asset_link_id text NOT NULL,
    metadata_key text NOT NULL,
    metadata_value text NOT NULL,
    metadata_value_type text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (asset_link_id, metadata_key)
);

CREATE TABLE asset_link_metadata_history (
    LIKE asset_link_metadata_storage,
    valid_from bigint NOT NULL,
    valid_to bigint,
    PRIMARY KEY (asset_link_id, metadata_key, valid_from)
);
