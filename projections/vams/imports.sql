-- Where things came from that were imported, and what they had there that has no column here. See schema.sql.
CREATE TABLE imported_origins (
    source text NOT NULL,                  -- vams
    subject_kind text NOT NULL,            -- asset, asset-version, comment, ...
    subject text COLLATE "C" NOT NULL,     -- its natural key here, joined by colons
    source_key text[] NOT NULL,            -- the values of its key attributes there
    made_at timestamptz,                   -- there; null where nobody knows
    made_by text,
    attributes jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,      -- when it was imported
    position bigint NOT NULL,
    PRIMARY KEY (source, subject_kind, subject)
);
CREATE INDEX imported_origins_subject ON imported_origins (subject_kind, subject);
