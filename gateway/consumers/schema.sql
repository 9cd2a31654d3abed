-- How far each follower of the log has come: one row for each generation of it.
CREATE SCHEMA IF NOT EXISTS consumers;

CREATE TABLE IF NOT EXISTS consumers.positions (
    name              text             NOT NULL,
    generation        integer          NOT NULL,
    role              text             NOT NULL CHECK (role IN ('live', 'building', 'scratch', 'previous', 'dropped')),
    shape             integer,         -- null for a follower that has no tables to be struck again
    position          bigint           NOT NULL DEFAULT 0,
    state             text             NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'failed', 'stopped')),
    failure           text,
    failed_position   bigint,          -- null when the failure is of no one event
    events_per_second double precision NOT NULL DEFAULT 0,
    updated_at        timestamptz      NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, generation),
    CHECK ((state = 'running') = (failure IS NULL))
) WITH (fillfactor = 50); -- room on the page, so that moving a position touches no index

-- Events that somebody decided a follower shall pass over; the log has the decisions.
CREATE TABLE IF NOT EXISTS consumers.skips (
    name     text   NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (name, position)
);

CREATE UNIQUE INDEX IF NOT EXISTS positions_live ON consumers.positions (name) WHERE role = 'live';
CREATE UNIQUE INDEX IF NOT EXISTS positions_building ON consumers.positions (name) WHERE role = 'building';
