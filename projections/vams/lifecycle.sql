-- What the life cycle of files adds to the tables of schema.sql.

-- How many files an asset has in its working set, previews left out: what its type is decided by.
CREATE TABLE asset_file_counts (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    file_count integer NOT NULL,
    PRIMARY KEY (database_id, asset_id)
);

-- Wanted returns of files to older object versions, and how each of them ended.
CREATE TABLE file_reverts (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    path text COLLATE "C" NOT NULL,
    revert_id integer NOT NULL,
    reverted_from text NOT NULL,           -- the object version to go back to
    state text NOT NULL,                   -- REQUESTED | DONE | FAILED
    s3_version_id text,                    -- the copy that was put on top; null until it is done
    failure text,
    requested_at timestamptz NOT NULL,
    requested_by text NOT NULL,
    ended_at timestamptz,
    position bigint NOT NULL,
    PRIMARY KEY (database_id, asset_id, path, revert_id)
);

-- Folders that somebody made; those that are there because of their files have no row.
CREATE TABLE asset_folders (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    path text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (database_id, asset_id, path)
);

CREATE TABLE asset_folders_history (
    LIKE asset_folders,
    valid_from bigint NOT NULL,
    valid_to bigint,
    PRIMARY KEY (database_id, asset_id, path, valid_from)
);
