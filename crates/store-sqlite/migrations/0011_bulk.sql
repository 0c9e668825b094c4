-- Bulk jobs and their people; who changed what; events that came in.

CREATE TABLE bulk_jobs (
    environment INTEGER NOT NULL,
    id          TEXT    NOT NULL,
    definition  TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    run_at      INTEGER,
    PRIMARY KEY (environment, id)
) STRICT;

CREATE TABLE bulk_users (
    environment INTEGER NOT NULL,
    job_id      TEXT    NOT NULL,
    number      INTEGER NOT NULL,
    recipient   TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    message_id  TEXT,
    error       TEXT,
    PRIMARY KEY (environment, job_id, number)
) STRICT;

CREATE UNIQUE INDEX bulk_users_by_recipient ON bulk_users (environment, job_id, recipient);

CREATE TABLE audit_events (
    environment INTEGER NOT NULL,
    id          TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    actor       TEXT    NOT NULL,
    target      TEXT    NOT NULL,
    source      TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    PRIMARY KEY (environment, id)
) STRICT;

CREATE INDEX audit_events_newest ON audit_events (environment, at, id);

CREATE TABLE track_events (
    environment INTEGER NOT NULL,
    message_id  TEXT    NOT NULL,
    event       TEXT    NOT NULL,
    user_id     TEXT,
    properties  TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (environment, message_id)
) STRICT;
