-- The print's tables about people: what they say, what they are told, and what they may do. See schema.sql.

-- Deleted comments keep their row, so that answers keep their place.
CREATE TABLE comment_storage (
    database_id text NOT NULL,
    asset_id text NOT NULL,
    comment_id text NOT NULL,
    asset_version_id integer,              -- null is about no version
    file_path text COLLATE "C",            -- null is about the asset
    s3_version_id text,
    first_frame integer,                   -- frames are inclusive; both null or neither
    last_frame integer,
    thread_id text NOT NULL,               -- comment the thread began with
    reply_to text,
    comment_body text NOT NULL,
    comment_owner_id text NOT NULL,        -- kind:id
    date_created timestamptz NOT NULL,
    date_edited timestamptz,
    date_deleted timestamptz,
    revision integer NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (database_id, asset_id, comment_id)
);
CREATE INDEX comments_by_time ON comment_storage (database_id, asset_id, date_created, comment_id);
CREATE INDEX comments_by_version ON comment_storage (database_id, asset_id, asset_version_id, date_created);
CREATE INDEX comments_by_answered ON comment_storage (database_id, asset_id, reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX comment_vams_key ON comment_storage (
    (CASE WHEN date_deleted IS NULL THEN asset_id ELSE asset_id || '#deleted' END),
    (coalesce(asset_version_id, 0)::text || ':' || comment_id)
);

CREATE TABLE comment_storage_history (
    LIKE comment_storage,
    valid_from bigint NOT NULL,
    valid_to bigint,
    PRIMARY KEY (database_id, asset_id, comment_id, valid_from)
);

CREATE TABLE app_feature_enabled_storage (
    feature_name text PRIMARY KEY,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    position bigint NOT NULL
);

-- One row a subscription; a delivery's outcome is in notifications.deliveries, which no rebuild touches.
CREATE TABLE subscriptions_storage (
    subscription_id text PRIMARY KEY,
    subscriber_id text NOT NULL,           -- kind:id
    database_id text NOT NULL,
    asset_id text,                         -- null is the database and everything in it
    event_types text[] NOT NULL,           -- class names, as AssetArchived; empty is all
    channel text NOT NULL,                 -- WEBHOOK | MAIL
    target text NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    revision integer NOT NULL,
    position bigint NOT NULL
);
CREATE INDEX subscriptions_entity ON subscriptions_storage (database_id, asset_id, subscription_id);
CREATE INDEX subscriptions_subscriber ON subscriptions_storage (subscriber_id, created_at, subscription_id);
CREATE INDEX subscription_vams_key ON subscriptions_storage (('Asset#' || asset_id)) WHERE asset_id IS NOT NULL;

CREATE TABLE user_storage (
    user_id text PRIMARY KEY,
    email text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,       -- of the address
    revision integer NOT NULL,
    position bigint NOT NULL
);

CREATE TABLE roles_storage (
    role_name text PRIMARY KEY,
    description text NOT NULL,
    mfa_required boolean NOT NULL,
    created_on timestamptz NOT NULL,
    revision integer NOT NULL,
    position bigint NOT NULL
);

CREATE TABLE user_roles_storage (
    user_id text NOT NULL,
    role_name text NOT NULL,
    created_on timestamptz NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (user_id, role_name)
);
CREATE INDEX user_roles_role ON user_roles_storage (role_name, user_id);

CREATE TABLE api_key_storage (
    api_key_id text PRIMARY KEY,
    api_key_name text NOT NULL,
    api_key_hash text NOT NULL,            -- SHA-256 of the raw key in hexadecimal
    user_id text NOT NULL,
    description text NOT NULL,
    created_by text NOT NULL,              -- kind:id
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    expires_at timestamptz,                -- null never expires
    is_active boolean NOT NULL,
    revision integer NOT NULL,
    position bigint NOT NULL
);
CREATE INDEX api_key_hash_index ON api_key_storage (api_key_hash);
CREATE INDEX user_id_index ON api_key_storage (user_id, api_key_id);
CREATE INDEX api_key_name ON api_key_storage (api_key_name, api_key_id);

CREATE TABLE constraints_storage (
    constraint_id text PRIMARY KEY,
    name text NOT NULL,
    description text NOT NULL,
    object_type text NOT NULL,             -- api, web, database, asset, metadataSchema, ...
    criteria_and jsonb NOT NULL,           -- [{field, operator, value}]; all must hold
    criteria_or jsonb NOT NULL,            -- and one of these, when there are any
    group_permissions jsonb NOT NULL,      -- [{group_id, permission, permission_type}]
    user_permissions jsonb NOT NULL,       -- [{user_id, permission, permission_type}]
    date_created timestamptz NOT NULL,
    date_modified timestamptz NOT NULL,
    created_by text NOT NULL,
    modified_by text NOT NULL,
    revision integer NOT NULL,
    position bigint NOT NULL
);
CREATE INDEX constraints_object_type_index ON constraints_storage (object_type, constraint_id);
CREATE INDEX constraint_vams_entity ON constraints_storage (('constraint#' || constraint_id));

-- The permissions of constraints by whom they are for; VAMS keeps extra rows id#group#g and id#user#u for this.
CREATE TABLE constraint_permissions (
    constraint_id text NOT NULL,
    principal_kind text NOT NULL,          -- group | user
    principal_id text NOT NULL,
    permission text NOT NULL,              -- GET | PUT | POST | DELETE
    permission_type text NOT NULL,         -- allow | deny
    object_type text NOT NULL,
    PRIMARY KEY (constraint_id, principal_kind, principal_id, permission, permission_type)
);
CREATE INDEX group_permissions_index ON constraint_permissions (principal_kind, principal_id, object_type);
CREATE INDEX constraint_permissions_object_type ON constraint_permissions (object_type, constraint_id);
CREATE INDEX constraint_group_vams_key ON constraint_permissions ((constraint_id || '#group#' || principal_id))
    WHERE principal_kind = 'group';
CREATE INDEX constraint_user_vams_key ON constraint_permissions ((constraint_id || '#user#' || principal_id))
    WHERE principal_kind = 'user';
