-- Which print of the columnar tables readers see, and the table versions that belong to each print's position.
CREATE SCHEMA IF NOT EXISTS columnar_prints;

CREATE TABLE IF NOT EXISTS columnar_prints.prints (
    generation integer PRIMARY KEY,
    position   bigint  NOT NULL DEFAULT 0,
    versions   jsonb   NOT NULL, -- table name to the number of its last commit
    is_live    boolean NOT NULL DEFAULT false,
    retired_at timestamptz       -- when another print took its place; null for one that was never live or is
);

-- Somebody said that it is not needed any more.
ALTER TABLE columnar_prints.prints ADD COLUMN IF NOT EXISTS is_dropped boolean NOT NULL DEFAULT false;

CREATE UNIQUE INDEX IF NOT EXISTS prints_live ON columnar_prints.prints (is_live) WHERE is_live;
