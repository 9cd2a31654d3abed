-- One print of the search projection. Names are unqualified: the print's schema is the search path, then public.
-- The indexes that only questions need are in indexes.sql.
-- Five tables hold what the log says; `documents` and `vocabulary` follow from them and are what questions read.

-- Extensions outlive prints, so they live in public.
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch SCHEMA public;

CREATE AGGREGATE joined_words (tsvector) (SFUNC = tsvector_concat, STYPE = tsvector, INITCOND = '');

CREATE TABLE buckets (
    bucket_id text PRIMARY KEY,
    bucket_name text NOT NULL,
    base_assets_prefix text NOT NULL
);

CREATE TABLE assets (
    database_id text COLLATE "C" NOT NULL,
    asset_id text COLLATE "C" NOT NULL,
    asset_name text NOT NULL,
    title text COLLATE "C" NOT NULL,       -- what its name is sorted by
    asset_type text NOT NULL,              -- none | folder | .ext | unknown, from the paths of its files
    description text NOT NULL,
    is_distributable boolean NOT NULL,
    is_archived boolean NOT NULL,
    tags text[] NOT NULL,
    bucket_id text NOT NULL,
    s3_bucket text NOT NULL,
    asset_location text NOT NULL,
    preview_key text,
    version_name text,                     -- v3, or v3 (alias)
    version_comment text,
    version_created_at timestamptz,
    name_words tsvector NOT NULL,          -- A
    id_words tsvector NOT NULL,            -- B
    tag_words tsvector NOT NULL,           -- B
    description_words tsvector NOT NULL,   -- C
    comment_words tsvector NOT NULL,       -- C, of the current version
    position bigint NOT NULL,              -- of the last event of the asset's own stream
    PRIMARY KEY (database_id, asset_id)
);

CREATE TABLE files (
    document_id text COLLATE "C" PRIMARY KEY,
    database_id text COLLATE "C" NOT NULL,
    asset_id text COLLATE "C" NOT NULL,
    path text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,       -- what its name is sorted by
    s3_bucket text NOT NULL,
    s3_key text NOT NULL,
    s3_version_id text NOT NULL,
    etag text NOT NULL,
    size_bytes bigint NOT NULL,
    last_modified timestamptz NOT NULL,
    file_extension text,                   -- lower case with its dot; null when there is none
    path_words tsvector NOT NULL,          -- A for the name, B for its folders
    position bigint NOT NULL,              -- of the last event of the file's own stream
    is_archived boolean NOT NULL,
    is_preview boolean NOT NULL            -- by its name; it does not count for the type of its asset
);
CREATE INDEX files_of_asset ON files (database_id, asset_id);

-- Thumbnails by the object version they were made from; a file shows the one of its latest version.
CREATE TABLE previews (
    document_id text COLLATE "C" NOT NULL,
    s3_version_id text NOT NULL,
    preview_key text NOT NULL,
    PRIMARY KEY (document_id, s3_version_id)
);

-- Links between assets, for the flags of both ends.
CREATE TABLE links (
    asset_link_id text COLLATE "C" PRIMARY KEY,
    relationship_type text NOT NULL,       -- related | parentChild
    from_database_id text COLLATE "C" NOT NULL,
    from_asset_id text COLLATE "C" NOT NULL,
    to_database_id text COLLATE "C" NOT NULL,
    to_asset_id text COLLATE "C" NOT NULL
);
CREATE INDEX links_from ON links (from_database_id, from_asset_id, relationship_type);
CREATE INDEX links_to ON links (to_database_id, to_asset_id, relationship_type);

-- Metadata (MD) and attributes (AB) of assets and files; a value is also what its type makes comparable.
CREATE TABLE metadata (
    document_id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    key text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    searchable text COLLATE "C" NOT NULL,  -- without case and accents
    number double precision,
    moment timestamptz,
    latitude double precision,
    longitude double precision,
    words tsvector NOT NULL,               -- D
    word_bytes integer NOT NULL,
    PRIMARY KEY (document_id, kind, key)
);

CREATE TABLE documents (
    document_id text COLLATE "C" PRIMARY KEY,  -- {databaseId}:{assetId} or {databaseId}:{assetId}:{path}
    entity text NOT NULL,                      -- ASSET | FILE
    database_id text COLLATE "C" NOT NULL,
    asset_id text COLLATE "C" NOT NULL,
    path text COLLATE "C",                     -- null for an asset
    asset_type text COLLATE "C" NOT NULL,      -- a file has its asset's
    tags text[] NOT NULL,                      -- a file has its asset's
    file_extension text COLLATE "C",           -- null for an asset and for a name without one
    is_archived boolean NOT NULL,
    position bigint NOT NULL,
    title text COLLATE "C" NOT NULL,           -- what the name of the asset or file is sorted by
    size_bytes bigint,                         -- null for an asset
    words tsvector NOT NULL,
    document jsonb NOT NULL                    -- exactly the fields of the seed's two indexes
);

-- The words of letters that a slip of the finger may have meant, with the number of documents that hold them.
CREATE TABLE vocabulary (
    word text COLLATE "C" PRIMARY KEY,
    documents bigint NOT NULL
);
CREATE INDEX vocabulary_unused ON vocabulary (word) WHERE documents = 0;

-- A function and no view, so that Postgres reads the entries of one document even while it has no statistics.
CREATE FUNCTION metadata_of(owner text) RETURNS TABLE (metadata jsonb, attributes jsonb, words tsvector)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce(jsonb_object_agg(key, value) FILTER (WHERE kind = 'MD'), '{}'),
        coalesce(jsonb_object_agg(key, value) FILTER (WHERE kind = 'AB'), '{}'),
        -- A tsvector holds less than one megabyte; words beyond half of that are left out, the values are not.
        coalesce(joined_words(words ORDER BY kind, key) FILTER (WHERE bytes_so_far < 500000), '')
    FROM (
        SELECT *, sum(word_bytes) OVER (ORDER BY kind, key) AS bytes_so_far FROM metadata WHERE document_id = owner
    ) AS counted;
END;

-- Three looks at an index each, whatever the number of links.
CREATE FUNCTION links_of(of_database text, of_asset text)
RETURNS TABLE (has_children boolean, has_parents boolean, has_related boolean)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        EXISTS (
            SELECT FROM links WHERE (from_database_id, from_asset_id) = (of_database, of_asset)
            AND relationship_type = 'parentChild'
        ),
        EXISTS (
            SELECT FROM links WHERE (to_database_id, to_asset_id) = (of_database, of_asset)
            AND relationship_type = 'parentChild'
        ),
        EXISTS (
            SELECT FROM links WHERE (from_database_id, from_asset_id) = (of_database, of_asset)
            AND relationship_type = 'related'
        ) OR EXISTS (
            SELECT FROM links WHERE (to_database_id, to_asset_id) = (of_database, of_asset)
            AND relationship_type = 'related'
        );
END;

CREATE VIEW asset_documents AS
SELECT a.database_id || ':' || a.asset_id AS document_id, 'ASSET' AS entity, a.database_id, a.asset_id,
    NULL::text AS path, a.asset_type, a.tags, NULL::text AS file_extension, a.is_archived, a.position,
    a.title, NULL::bigint AS size_bytes,
    a.name_words || a.id_words || a.tag_words || a.description_words || a.comment_words || m.words AS words,
    jsonb_strip_nulls(jsonb_build_object(
        '_rectype', 'asset',
        'str_databaseid', a.database_id,
        'str_assetid', a.asset_id,
        'str_assetname', a.asset_name,
        'str_assettype', a.asset_type,
        'str_description', a.description,
        'str_bucketid', a.bucket_id,
        'str_bucketname', a.s3_bucket,
        'str_bucketprefix', b.base_assets_prefix,
        'str_asset_version_id', a.version_name,
        'str_asset_version_comment', a.version_comment,
        'str_assetlocationkey', a.asset_location,
        'str_previewfilekey', nullif(a.preview_key, ''),
        'bool_isdistributable', a.is_distributable,
        'list_tags', to_jsonb(a.tags),
        'date_asset_version_createdate', to_char(a.version_created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'bool_has_asset_children', k.has_children,
        'bool_has_asset_parents', k.has_parents,
        'bool_has_assets_related', k.has_related,
        'bool_archived', a.is_archived,
        'MD_', m.metadata
    )) AS document
FROM assets a
LEFT JOIN buckets b USING (bucket_id)
CROSS JOIN LATERAL metadata_of(a.database_id || ':' || a.asset_id) AS m
CROSS JOIN LATERAL links_of(a.database_id, a.asset_id) AS k;

CREATE VIEW file_documents AS
SELECT f.document_id, 'FILE' AS entity, f.database_id, f.asset_id, f.path, a.asset_type, a.tags, f.file_extension,
    a.is_archived OR f.is_archived AS is_archived, f.position,
    f.title, f.size_bytes,
    f.path_words || setweight(a.name_words, 'C') || setweight(a.tag_words, 'C') || m.words AS words,
    jsonb_strip_nulls(jsonb_build_object(
        '_rectype', 'file',
        'str_key', f.s3_key,
        'str_databaseid', f.database_id,
        'str_assetid', f.asset_id,
        'str_assetname', a.asset_name,
        'str_bucketid', a.bucket_id,
        'str_bucketname', f.s3_bucket,
        'str_bucketprefix', b.base_assets_prefix,
        'str_fileext', f.file_extension,
        'str_etag', f.etag,
        'str_s3_version_id', f.s3_version_id,
        'str_previewfilekey', p.preview_key,
        'date_lastmodified', to_char(f.last_modified AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'num_filesize', f.size_bytes,
        'bool_archived', a.is_archived OR f.is_archived,
        'list_tags', to_jsonb(a.tags),
        'MD_', m.metadata,
        'AB_', m.attributes
    )) AS document
FROM files f
-- Every file has an asset; the outer join makes Postgres begin with the files asked for.
LEFT JOIN assets a USING (database_id, asset_id)
LEFT JOIN buckets b USING (bucket_id)
LEFT JOIN previews p USING (document_id, s3_version_id)
CROSS JOIN LATERAL metadata_of(f.document_id) AS m;

-- The function below carries a setting of pg_trgm, which Postgres knows only once the library is loaded.
SELECT show_limit();

-- Words an edit or another exchange away: of seven letters these leave 4 of 12 trigrams.
CREATE FUNCTION words_around(swapped text) RETURNS SETOF text
LANGUAGE sql STABLE SET pg_trgm.similarity_threshold = 0.3
BEGIN ATOMIC
    SELECT word FROM vocabulary WHERE word % swapped AND levenshtein_less_equal(word, swapped, 2) <= 2;
END;

-- The fewest strokes between two words when each letter is touched once: a letter wrong, missing or too many, or two
-- neighbours exchanged.
CREATE FUNCTION strokes_between(one text, other text) RETURNS integer
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    width integer := length(other) + 1;
    cost integer[] := ARRAY(SELECT generate_series(0, length(other)));
    here integer;
BEGIN
    -- Row i of the table begins at i * width + 1.
    FOR i IN 1 .. length(one) LOOP
        cost := cost || i;
        FOR j IN 1 .. length(other) LOOP
            here := i * width + j + 1;
            cost[here] := least(
                cost[here - width] + 1,
                cost[here - 1] + 1,
                cost[here - width - 1] + (substr(one, i, 1) <> substr(other, j, 1))::integer
            );
            IF i > 1 AND j > 1 AND substr(one, i, 1) = substr(other, j - 1, 1)
                AND substr(one, i - 1, 1) = substr(other, j, 1) THEN
                cost[here] := least(cost[here], cost[here - 2 * width - 2] + 1);
            END IF;
        END LOOP;
    END LOOP;
    RETURN cost[(length(one) + 1) * width];
END;
$$;

-- Words a few strokes away: the index proposes by trigrams, the distance decides. Two substitutions in seven letters
-- leave 2 of 14 trigrams, the least that is asked for. `swaps` are the wanted word with two neighbouring letters
-- exchanged, which counts as one stroke but as two edits; what is one more stroke away is looked for around each.
CREATE FUNCTION similar_words(wanted text, strokes integer, swaps text[]) RETURNS SETOF text
LANGUAGE sql STABLE SET pg_trgm.similarity_threshold = 0.13
BEGIN ATOMIC
    SELECT word FROM vocabulary
    WHERE (word % wanted AND levenshtein_less_equal(word, wanted, strokes) <= strokes) OR word = ANY (swaps)
    UNION
    SELECT near.word FROM unnest(swaps) AS swapped, words_around(swapped) AS near (word)
    WHERE strokes > 1 AND strokes_between(near.word, wanted) <= strokes
    ORDER BY word;
END;
