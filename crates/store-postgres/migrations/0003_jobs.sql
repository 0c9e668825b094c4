-- Work that is no message: see the trait Jobs.

CREATE TABLE jobs (
    environment  smallint         NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    key          text COLLATE "C" NOT NULL,
    lane         smallint         NOT NULL,
    due          bigint           NOT NULL,
    body         text             NOT NULL,
    attempts     integer          NOT NULL DEFAULT 0,
    error        text,
    -- How often it was asked for, and below what was asked for last while it was there.
    asked        bigint           NOT NULL DEFAULT 1,
    -- How often it had been asked for when it was begun; NULL until a step of it is written.
    begun        bigint,
    again_due    bigint,
    again_body   text,
    dead_since   bigint,
    -- Claims, as in the table of messages' work.
    token        bigint           NOT NULL DEFAULT 0,
    leased_until timestamptz,
    lease_ms     bigint           NOT NULL DEFAULT 0,
    PRIMARY KEY (environment, kind, key)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

CREATE INDEX jobs_due ON jobs (kind, lane, due, environment, key) WHERE dead_since IS NULL;
CREATE INDEX jobs_dead ON jobs (environment, dead_since, kind, key) WHERE dead_since IS NOT NULL;
