-- Bulk jobs and their people; who changed what; events that came in.

CREATE TABLE bulk_jobs (
    environment smallint         NOT NULL,
    id          text COLLATE "C" NOT NULL,
    definition  text             NOT NULL,
    created     bigint           NOT NULL,
    run_at      bigint,
    PRIMARY KEY (environment, id)
);

CREATE TABLE bulk_users (
    environment smallint         NOT NULL,
    job_id      text COLLATE "C" NOT NULL,
    number      bigint           NOT NULL,
    recipient   text COLLATE "C" NOT NULL,
    body        text             NOT NULL,
    status      text COLLATE "C" NOT NULL,
    message_id  text COLLATE "C",
    error       text,
    PRIMARY KEY (environment, job_id, number)
);

CREATE UNIQUE INDEX bulk_users_by_recipient ON bulk_users (environment, job_id, recipient);

CREATE TABLE audit_events (
    environment smallint         NOT NULL,
    id          text COLLATE "C" NOT NULL,
    at          bigint           NOT NULL,
    actor       text             NOT NULL,
    target      text             NOT NULL,
    source      text             NOT NULL,
    kind        text             NOT NULL,
    PRIMARY KEY (environment, id)
);

CREATE INDEX audit_events_newest ON audit_events (environment, at, id);

CREATE TABLE track_events (
    environment smallint         NOT NULL,
    message_id  text COLLATE "C" NOT NULL,
    event       text             NOT NULL,
    user_id     text COLLATE "C",
    properties  text             NOT NULL,
    at          bigint           NOT NULL,
    PRIMARY KEY (environment, message_id)
);
