-- What bucket sync keeps for itself. The first two tables are filled by the follower from the log's first event on, in
-- the transaction that moves its position; the third is no print.
CREATE SCHEMA IF NOT EXISTS bucket_sync;

-- Every key that ever held a file, in the order in which S3 lists keys.
CREATE TABLE IF NOT EXISTS bucket_sync.keys (
    s3_bucket text NOT NULL,
    s3_key text COLLATE "C" NOT NULL,
    PRIMARY KEY (s3_bucket, s3_key)
);

-- Which database places new assets in which bucket.
CREATE TABLE IF NOT EXISTS bucket_sync.databases (
    database_id text PRIMARY KEY,
    bucket_id text NOT NULL,
    is_active boolean NOT NULL
);

-- What could not be recorded, until it can or nobody has spoken of it for a month.
CREATE TABLE IF NOT EXISTS bucket_sync.problems (
    problem_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    s3_bucket text NOT NULL,               -- empty when the record named none
    s3_key text COLLATE "C" NOT NULL,      -- empty when the record named none
    code text NOT NULL,
    message text NOT NULL,
    event_name text,                       -- of the notification; null when an import found it
    excerpt text NOT NULL,                 -- the start of a record that could not be read; else empty
    occurrences bigint NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    UNIQUE (s3_bucket, s3_key, code, excerpt)
);
CREATE INDEX IF NOT EXISTS problems_last ON bucket_sync.problems (last_at);
