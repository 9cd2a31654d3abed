-- The event table. The primary key is the optimistic concurrency check; the position is the order of commits.
CREATE SCHEMA IF NOT EXISTS {schema};

CREATE TABLE IF NOT EXISTS {schema}.{table} (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL CHECK (originator_version > 0),
    topic text NOT NULL,
    state bytea {compression} NOT NULL,
    notification_id bigserial NOT NULL,
    PRIMARY KEY (originator_id, originator_version)
) WITH (autovacuum_analyze_scale_factor = 0.02);

CREATE UNIQUE INDEX IF NOT EXISTS {notification_index} ON {schema}.{table} (notification_id);

-- For consumers of one rare kind of event, which would otherwise scan the whole log at every wake-up.
CREATE INDEX IF NOT EXISTS {topic_index} ON {schema}.{table} (topic, notification_id);

-- Appends in one round trip. The lock is held from the first position to the commit, so positions become visible in
-- their order and a reader that has seen one never misses a lower one. It conflicts with no VACUUM, unlike a table lock.
CREATE OR REPLACE FUNCTION {schema}.{append}(ids uuid[], versions bigint[], topics text[], states bytea[])
RETURNS SETOF bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({key});
    NOTIFY {channel};
    RETURN QUERY
        INSERT INTO {schema}.{table} (originator_id, originator_version, topic, state)
        SELECT * FROM unnest(ids, versions, topics, states)
        RETURNING notification_id;
END $$;

-- The same for a command that also read streams which it leaves alone: none may be past the revision it was read at.
-- Every append takes the lock, so what is checked behind it stays so until the commit.
CREATE OR REPLACE FUNCTION {schema}.{hold}(held_ids uuid[], held_versions bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({key});
    IF EXISTS (
        SELECT FROM unnest(held_ids, held_versions) AS held (id, version)
        CROSS JOIN LATERAL (
            SELECT FROM {schema}.{table}
            WHERE originator_id = held.id AND originator_version = held.version + 1 OFFSET 0
        ) AS past
    ) THEN
        RAISE unique_violation USING MESSAGE = 'A stream that the command holds has moved on.';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION {schema}.{append_held}(
    ids uuid[], versions bigint[], topics text[], states bytea[], held_ids uuid[], held_versions bigint[]
)
RETURNS SETOF bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {schema}.{hold}(held_ids, held_versions);
    RETURN QUERY SELECT * FROM {schema}.{append}(ids, versions, topics, states);
END $$;

COMMENT ON TABLE {schema}.{table} IS {stamp};
