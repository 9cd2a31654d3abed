-- The print's tables about pipelines, workflows and their executions. See schema.sql.

-- Deleted pipelines and workflows keep their row until another of the same id is made.
CREATE TABLE pipeline_storage (
    database_id text NOT NULL,             -- or GLOBAL
    pipeline_id text NOT NULL,
    description text NOT NULL,
    pipeline_type text NOT NULL,           -- STANDARD_FILE | PREVIEW_FILE
    pipeline_execution_type text NOT NULL, -- BUILT_IN | PYTHON | HTTP
    resource text NOT NULL,
    asset_type text NOT NULL,              -- extension of its inputs, or .all
    output_type text,
    wait_for_callback boolean NOT NULL,
    task_timeout_seconds integer NOT NULL,
    task_heartbeat_timeout_seconds integer,
    input_parameters text NOT NULL,        -- JSON object or empty
    enabled boolean NOT NULL,
    date_created timestamptz NOT NULL,
    date_updated timestamptz NOT NULL,
    deleted_at timestamptz,
    revision integer NOT NULL,             -- number of the pipeline's own events since it was created
    position bigint NOT NULL,
    PRIMARY KEY (database_id, pipeline_id)
);
CREATE INDEX pipeline_vams_key ON pipeline_storage (
    (CASE WHEN deleted_at IS NULL THEN database_id ELSE database_id || '#deleted' END), pipeline_id
);

CREATE TABLE workflow_storage (
    database_id text NOT NULL,             -- or GLOBAL
    workflow_id text NOT NULL,
    description text NOT NULL,
    pipelines jsonb NOT NULL,              -- [{databaseId, pipelineId}] in the order they are run
    auto_trigger_extensions text[] NOT NULL,
    date_created timestamptz NOT NULL,
    date_modified timestamptz NOT NULL,
    modified_by text NOT NULL,             -- kind:id
    deleted_at timestamptz,
    revision integer NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (database_id, workflow_id)
);
CREATE INDEX workflow_vams_key ON workflow_storage (
    (CASE WHEN deleted_at IS NULL THEN database_id ELSE database_id || '#deleted' END), workflow_id
);

CREATE TABLE workflow_executions_storage (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    execution_id text NOT NULL,
    workflow_database_id text NOT NULL,
    workflow_id text NOT NULL,
    trigger text NOT NULL,                 -- REQUEST | FILE
    execution_status text NOT NULL,        -- NEW | RUNNING | SUCCEEDED | FAILED | TIMED_OUT | ABORTED
    attempt integer NOT NULL,
    input_asset_file_key text COLLATE "C", -- path of the first input; null for the asset itself
    inputs jsonb NOT NULL,                 -- [{path, s3Bucket, s3Key, s3VersionId, sizeBytes}]
    input_parameters text NOT NULL,
    lineage text[] NOT NULL,               -- database:id of the workflows whose outputs led to it
    correlation_id text NOT NULL,
    requested_at timestamptz NOT NULL,
    requested_by text NOT NULL,            -- kind:id
    start_date timestamptz,                -- of the first attempt
    stop_date timestamptz,                 -- null while it runs
    failure_code text,
    failure text,
    reason text,                           -- why it was cancelled
    revision integer NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (database_id, asset_id, execution_id)
);
CREATE INDEX workflow_lsi ON workflow_executions_storage (database_id, asset_id, workflow_database_id, workflow_id);
CREATE INDEX workflow_gsi ON workflow_executions_storage (workflow_database_id, workflow_id, execution_id);
CREATE INDEX execution_id_gsi ON workflow_executions_storage (workflow_id, execution_id);
CREATE INDEX workflow_execution_vams_composite ON workflow_executions_storage (
    (workflow_database_id || ':' || workflow_id)
);
CREATE UNIQUE INDEX workflow_execution_id ON workflow_executions_storage (execution_id);
CREATE INDEX workflow_executions_by_time ON workflow_executions_storage (requested_at, execution_id);

CREATE TABLE workflow_execution_steps (
    execution_id text NOT NULL,
    step integer NOT NULL,                 -- from 0
    pipeline_database_id text NOT NULL,
    pipeline_id text NOT NULL,
    execution_kind text NOT NULL,
    definition jsonb NOT NULL,             -- the pipeline's terms when the execution was asked for
    state text NOT NULL,                   -- as execution_status; NEW before it is begun
    attempts integer NOT NULL,
    started_at timestamptz,                -- of the last attempt
    stopped_at timestamptz,
    percent integer,
    message text,
    failure_code text,
    failure text,
    log_s3_bucket text,
    log_s3_key text,
    log_s3_version_id text,
    output_count integer,                  -- null until it succeeded
    position bigint NOT NULL,
    PRIMARY KEY (execution_id, step)
);

-- What executions recorded, by execution and by what they wrote.
CREATE TABLE workflow_execution_outputs (
    execution_id text NOT NULL,
    kind text NOT NULL,                    -- FILE | FILE_PREVIEW | ASSET_PREVIEW | METADATA | ATTRIBUTES
    path text COLLATE "C" NOT NULL,        -- empty is the asset itself
    database_id text NOT NULL,
    asset_id text NOT NULL,
    s3_version_id text,
    position bigint NOT NULL,
    PRIMARY KEY (execution_id, kind, path)
);
CREATE INDEX workflow_outputs_of_file ON workflow_execution_outputs (database_id, asset_id, path, s3_version_id);
