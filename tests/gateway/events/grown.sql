-- A log of many events, and assets with many states. Times jump back by up to six seconds.
SET search_path TO tables;
DELETE FROM log_index;
DELETE FROM asset_storage;
DELETE FROM asset_storage_history;
INSERT INTO log_index
SELECT n, kind, at, CASE WHEN mod(n, 5000) = 7 THEN 'user:rare' ELSE 'user:u' || mod(n, 20) END, 'r' || n / 4, NULL,
    'db' || mod(n, 20), 'a' || mod(n, 4000), CASE WHEN kind = 'FileUploaded' THEN 'f' || mod(n, 40000) END,
    max(at) OVER (ORDER BY n), interval '6 s'
FROM (
    SELECT n, timestamptz '2024-01-01Z' + (n - mod(n, 7)) * interval '1 s' AS at,
        CASE WHEN mod(n, 1000) = 0 THEN 'AssetArchived' WHEN mod(n, 10) = 0 THEN 'AssetCreated' ELSE 'FileUploaded' END AS kind
    FROM generate_series(1, %(events)s) n
) e;
INSERT INTO log_index_others
SELECT 'db' || mod(position, 20), 'a' || mod(position + 1, 4000), l.* FROM log_index l WHERE mod(position, 50) = 5;
INSERT INTO asset_storage_history
SELECT 'db' || mod(n, 20), 'a' || n, 'name ' || mod(n, 997), 'none', 'd', true,
    CASE WHEN mod(n, 1000) = 0 THEN ARRAY['rare'] ELSE ARRAY['t' || mod(n, 3)] END, 'b', 'm', 'a/', NULL, NULL,
    timestamptz '2024-01-01Z' + n * interval '1 s', timestamptz '2024-01-01Z' + (n + state) * interval '1 s',
    NULL, NULL, NULL, state, n + state, n + state * 10, CASE WHEN state < 2 THEN n + state * 10 + 10 END
FROM generate_series(1, %(assets)s) n, generate_series(0, 2) state;
INSERT INTO asset_storage_history
SELECT 'long', 'story', 'name ' || n, 'none', 'd', true, '{}', 'b', 'm', 'a/', NULL, NULL, now(), now(), NULL, NULL,
    NULL, n, n, n, CASE WHEN n < %(states)s THEN n + 1 END
FROM generate_series(1, %(states)s) n;
INSERT INTO asset_storage SELECT database_id, asset_id, asset_name, asset_type, description, is_distributable, tags,
    bucket_id, s3_bucket, asset_location, preview_location, preview_version_id, created_at, updated_at, archived_at,
    archived_reason, current_version, revision, position FROM asset_storage_history WHERE valid_to IS NULL;
INSERT INTO log_index
SELECT %(events)s + n, 'AssetRenamed', clock, 'user:ada', 'r', NULL, 'long', 'story', NULL, clock, interval '6 s'
FROM generate_series(1, %(states)s) n, (SELECT max(clock) AS clock FROM log_index) c;
ANALYZE log_index, log_index_others, asset_storage_history, asset_storage;
