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

COMMENT ON TABLE {schema}.{table} IS {stamp};
