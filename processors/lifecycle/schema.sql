-- Which files an asset ever had: the log has a stream a file and no list of them. Filled by the processor from the
-- log's first event on, in the transaction that moves its position.
CREATE SCHEMA IF NOT EXISTS lifecycle;

CREATE TABLE IF NOT EXISTS lifecycle.asset_paths (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    path text COLLATE "C" NOT NULL,
    position bigint NOT NULL,              -- of the file's first event
    PRIMARY KEY (database_id, asset_id, path)
);

-- Links and open upload sessions by asset, for when an asset is deleted for ever: both have streams of their own.
CREATE TABLE IF NOT EXISTS lifecycle.asset_links (
    asset_link_id text PRIMARY KEY,
    from_database_id text NOT NULL,
    from_asset_id text NOT NULL,
    to_database_id text NOT NULL,
    to_asset_id text NOT NULL
);
CREATE INDEX IF NOT EXISTS links_from ON lifecycle.asset_links (from_database_id, from_asset_id);
CREATE INDEX IF NOT EXISTS links_to ON lifecycle.asset_links (to_database_id, to_asset_id);

CREATE TABLE IF NOT EXISTS lifecycle.open_uploads (
    upload_id text PRIMARY KEY,
    database_id text NOT NULL,
    asset_id text NOT NULL
);
CREATE INDEX IF NOT EXISTS open_uploads_of_asset ON lifecycle.open_uploads (database_id, asset_id);

-- The delete markers that archiving put on top of objects. One without an id was about to be put: a marker found on
-- top is then ours.
CREATE TABLE IF NOT EXISTS lifecycle.delete_markers (
    s3_bucket text NOT NULL,
    s3_key text COLLATE "C" NOT NULL,
    marker_id text,
    PRIMARY KEY (s3_bucket, s3_key)
);

-- Jobs that bring objects up to what the log says of them: what is to be done, and how far it has come.
CREATE TABLE IF NOT EXISTS lifecycle.object_jobs (
    position bigint NOT NULL,              -- of the first event that it answers
    kind text NOT NULL,                    -- VISIBILITY | MOVED_SOURCES | FILE_ERASURE | ASSET_ERASURE | PREVIEW_ERASURE
    database_id text NOT NULL,
    asset_id text NOT NULL,
    paths text[],                          -- null for everything of the asset
    correlation_id text NOT NULL,
    state text NOT NULL,                   -- WAITING | RUNNING | RETRYING | DONE | FAILED
    attempts integer NOT NULL,
    objects_done integer NOT NULL,         -- in the last attempt
    failure text,
    requested_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (position, kind)
);
CREATE INDEX IF NOT EXISTS object_jobs_of_asset ON lifecycle.object_jobs (database_id, asset_id, position);
CREATE INDEX IF NOT EXISTS object_jobs_unfinished ON lifecycle.object_jobs (state, position) WHERE state <> 'DONE';
