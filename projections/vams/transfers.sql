-- Files that are to be moved or copied, and how far that came.

CREATE TABLE file_transfers (
    transfer_id text PRIMARY KEY,
    kind text NOT NULL,                    -- MOVE | COPY
    state text NOT NULL,                   -- REQUESTED | RUNNING | DONE | DONE_WITH_ERRORS | FAILED
    database_id text NOT NULL,             -- of the sources, as the asset
    asset_id text NOT NULL,
    destination_database_id text NOT NULL,
    destination_asset_id text NOT NULL,
    metadata_policy text NOT NULL,         -- KEEP_SOURCE | KEEP_DESTINATION | FAIL | NONE
    reason text,
    total_count integer NOT NULL,
    done_count integer NOT NULL,
    failed_count integer NOT NULL,
    left_over text,                        -- what could not be tidied in the store
    requested_at timestamptz NOT NULL,
    requested_by text NOT NULL,
    ended_at timestamptz,
    position bigint NOT NULL               -- of the request
);
CREATE INDEX file_transfers_from ON file_transfers (database_id, asset_id, position);
CREATE INDEX file_transfers_to ON file_transfers (destination_database_id, destination_asset_id, position);

CREATE TABLE file_transfer_files (
    transfer_id text NOT NULL,
    number integer NOT NULL,               -- its place in the request, from 0
    source_path text COLLATE "C" NOT NULL,
    destination_path text COLLATE "C" NOT NULL,
    source_version_id text NOT NULL,
    state text NOT NULL,                   -- WAITING | DONE | FAILED
    failure_code text,
    failure text,
    position bigint NOT NULL,              -- of the event that gave it its state
    PRIMARY KEY (transfer_id, number)
);

-- Where object versions came from that a transfer brought.
CREATE TABLE file_origins (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    path text COLLATE "C" NOT NULL,
    s3_version_id text NOT NULL,
    transfer_id text NOT NULL,
    kind text NOT NULL,                    -- MOVE | COPY
    origin_database_id text NOT NULL,
    origin_asset_id text NOT NULL,
    origin_path text COLLATE "C" NOT NULL,
    origin_version_id text NOT NULL,       -- the object version there that has the same bytes
    position bigint NOT NULL,
    PRIMARY KEY (database_id, asset_id, path, s3_version_id)
);

-- Key prefixes that became assets, and how far that came.
CREATE TABLE asset_adoptions (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    state text NOT NULL,                   -- REQUESTED | RUNNING | DONE | DONE_WITH_ERRORS | FAILED
    s3_bucket text NOT NULL,
    asset_location text NOT NULL,
    registered_count integer NOT NULL,     -- files, each key once
    reserved_count integer NOT NULL,       -- objects in reserved folders and folder markers
    skipped_count integer NOT NULL,
    failure text,
    requested_at timestamptz NOT NULL,
    requested_by text NOT NULL,
    ended_at timestamptz,
    position bigint NOT NULL,              -- of the request
    PRIMARY KEY (database_id, asset_id)
);

CREATE TABLE asset_adoption_skips (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    s3_key text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (database_id, asset_id, s3_key)
);
