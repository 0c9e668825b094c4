-- Work that is no message: see the trait Jobs.

CREATE TABLE jobs (
    environment INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    lane        INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    body        TEXT    NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    error       TEXT,
    -- How often it was asked for, and below what was asked for last while it was there.
    asked       INTEGER NOT NULL DEFAULT 1,
    -- How often it had been asked for when it was begun; NULL until a step of it is written.
    begun       INTEGER,
    again_due   INTEGER,
    again_body  TEXT,
    dead_since  INTEGER,
    PRIMARY KEY (environment, kind, key)
) STRICT;

CREATE INDEX jobs_due ON jobs (kind, lane, due, environment, key) WHERE dead_since IS NULL;
CREATE INDEX jobs_dead ON jobs (environment, dead_since) WHERE dead_since IS NOT NULL;
