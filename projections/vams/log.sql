-- An index of the log for its readers; payloads stay in the log, but for those in log_lifted. Times come from the machines
-- that gave the commands and need not ascend, so each row also has the latest time up to it, which does, and the most that
-- any fell short of that: by these two an interval of time becomes one of positions.
CREATE TABLE log_index (
    position bigint PRIMARY KEY,
    event_type text NOT NULL,              -- the class name, as AssetArchived
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,                   -- kind:id
    correlation_id text NOT NULL,
    causation_position bigint,
    database_id text,                      -- of a link: of the asset that it goes from
    asset_id text,
    path text COLLATE "C",
    clock timestamptz NOT NULL,            -- the latest recorded_at up to this position
    late_by interval NOT NULL              -- the most by which a recorded_at was behind the clock up to this position
);
CREATE INDEX log_index_asset ON log_index (asset_id, database_id, position) WHERE asset_id IS NOT NULL;
CREATE INDEX log_index_database ON log_index (database_id, position) WHERE database_id IS NOT NULL;
CREATE INDEX log_index_type ON log_index (event_type, position);
CREATE INDEX log_index_path ON log_index (path, asset_id, database_id, position) WHERE path IS NOT NULL;
CREATE INDEX log_index_clock ON log_index (clock, position);
CREATE INDEX log_index_correlation ON log_index (correlation_id, position);
CREATE INDEX log_index_actor ON log_index (actor, position);

-- The events that the log has in an older class version, in the current one. A new class version is a new shape of these
-- tables, so this is made again with it.
CREATE TABLE log_lifted (
    position bigint PRIMARY KEY,
    event jsonb NOT NULL
);

-- The row of an event once more by a second asset that it is about: the one that a link goes to, or that files are moved
-- or copied to. The columns are repeated so that one page is merged from both tables in the order of the log.
CREATE TABLE log_index_others (
    other_database_id text NOT NULL,
    other_asset_id text NOT NULL,
    LIKE log_index,
    PRIMARY KEY (other_asset_id, other_database_id, position)
);
CREATE INDEX log_index_others_database ON log_index_others (other_database_id, position);
