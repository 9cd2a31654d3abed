-- What the notifications processor keeps for itself. It is no print: nothing of it can be struck again from the log.
CREATE SCHEMA IF NOT EXISTS notifications;

-- Which subscription is told of what, as of the processor's position.
CREATE TABLE IF NOT EXISTS notifications.routes (
    subscription_id text PRIMARY KEY,
    database_id text NOT NULL,
    asset_id text,                         -- null is the database and everything in it
    topics text[] NOT NULL,                -- empty is all
    is_active boolean NOT NULL
);
CREATE INDEX IF NOT EXISTS routes_database ON notifications.routes (database_id);

-- The last attempt of each subscription.
CREATE TABLE IF NOT EXISTS notifications.deliveries (
    subscription_id text PRIMARY KEY,
    position bigint NOT NULL,              -- of the event
    state text NOT NULL,                   -- DELIVERED | RETRYING | FAILED
    attempts integer NOT NULL,             -- at this event
    message text,                          -- why it failed
    attempted_at timestamptz NOT NULL
);
