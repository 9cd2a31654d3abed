-- What the workflows processor keeps for itself. All but `beats`, `uploads` and `trigger_problems` follow from the log.
CREATE SCHEMA IF NOT EXISTS workflows;

-- Which files start which workflows, as of the processor's position.
CREATE TABLE IF NOT EXISTS workflows.triggers (
    database_id text NOT NULL,             -- or GLOBAL
    workflow_id text NOT NULL,
    extensions text[] NOT NULL,            -- never empty
    PRIMARY KEY (database_id, workflow_id)
);

-- Events that follow from executions, directly or through other events, with the workflows on the way.
CREATE TABLE IF NOT EXISTS workflows.lineage (
    position bigint PRIMARY KEY,
    workflows text[] NOT NULL              -- database:id, the first one first
);

-- Where the log has each execution; what it causes answers that position.
CREATE TABLE IF NOT EXISTS workflows.executions (
    execution_id text PRIMARY KEY,
    position bigint NOT NULL,
    correlation_id text NOT NULL,
    workflows text[] NOT NULL              -- its lineage and itself
);

-- Files that an execution is about to put into its asset, so that one who sees the object first is not mistaken.
CREATE TABLE IF NOT EXISTS workflows.expected (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    path text COLLATE "C" NOT NULL,
    execution_id text NOT NULL,
    PRIMARY KEY (database_id, asset_id, path, execution_id)
);
CREATE INDEX IF NOT EXISTS expected_execution ON workflows.expected (execution_id);

-- When each attempt at a step was last heard of, and how the attempts to reach its endpoint went.
CREATE TABLE IF NOT EXISTS workflows.beats (
    execution_id text NOT NULL,
    attempt integer NOT NULL,
    step integer NOT NULL,
    heard_at timestamptz NOT NULL,
    calls integer NOT NULL,                -- to its endpoint
    message text,                          -- why the last call failed; null when it did not
    PRIMARY KEY (execution_id, attempt, step)
);

-- Files that an endpoint sends by signed requests, until its step ends.
CREATE TABLE IF NOT EXISTS workflows.uploads (
    execution_id text NOT NULL,
    attempt integer NOT NULL,
    step integer NOT NULL,
    path text COLLATE "C" NOT NULL,
    s3_key text NOT NULL,
    multipart_id text,                     -- null for an empty file
    size_bytes bigint NOT NULL,
    PRIMARY KEY (execution_id, attempt, step, path)
);

-- Files that should have started a workflow and did not, for thirty days.
CREATE TABLE IF NOT EXISTS workflows.trigger_problems (
    position bigint NOT NULL,              -- of the file's event
    workflow_database_id text NOT NULL,    -- or GLOBAL
    workflow_id text NOT NULL,
    database_id text NOT NULL,
    asset_id text NOT NULL,
    path text COLLATE "C" NOT NULL,
    code text NOT NULL,
    message text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (position, workflow_database_id, workflow_id)
);
CREATE INDEX IF NOT EXISTS trigger_problems_of_asset ON workflows.trigger_problems (database_id, asset_id, position);
