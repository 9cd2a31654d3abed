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
