-- What is told to customers' own servers.

CREATE TABLE webhook_deliveries (
    environment INTEGER NOT NULL,
    endpoint_id TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    event       TEXT    NOT NULL,
    resource    TEXT    NOT NULL,
    payload     TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    state       TEXT    NOT NULL,
    next_at     INTEGER,
    tries       INTEGER NOT NULL DEFAULT 0,
    since       INTEGER NOT NULL,
    attempts    TEXT    NOT NULL DEFAULT '[]',
    PRIMARY KEY (environment, endpoint_id, id)
) STRICT;

CREATE INDEX webhook_deliveries_newest ON webhook_deliveries (environment, endpoint_id, created, id);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (created) WHERE state <> 'pending';

-- How each endpoint does. Apart from its document, which changes only when somebody changes it.
CREATE TABLE webhook_health (
    environment   INTEGER NOT NULL,
    endpoint_id   TEXT    NOT NULL,
    last_success  INTEGER,
    last_failure  INTEGER,
    failing_since INTEGER,
    PRIMARY KEY (environment, endpoint_id)
) STRICT, WITHOUT ROWID;
