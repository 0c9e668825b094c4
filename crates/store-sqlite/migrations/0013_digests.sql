-- Messages that are gathered and sent as one.

CREATE TABLE digest_instances (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    topic_id    TEXT    NOT NULL,
    -- Empty: none.
    tenant_id   TEXT    NOT NULL,
    schedule_id TEXT    NOT NULL,
    released    INTEGER NOT NULL,
    events      INTEGER NOT NULL,
    counts      TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    PRIMARY KEY (environment, user_id, id)
) STRICT;

-- One gathering at a time.
CREATE UNIQUE INDEX digest_instances_open
    ON digest_instances (environment, user_id, topic_id, tenant_id, schedule_id) WHERE released = 0;
CREATE INDEX digest_instances_by_schedule ON digest_instances (environment, schedule_id, created, id);

CREATE TABLE digest_events (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    message_id  TEXT    NOT NULL,
    instance_id TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    categories  TEXT    NOT NULL,
    data        TEXT    NOT NULL,
    PRIMARY KEY (environment, user_id, message_id)
) STRICT;

CREATE INDEX digest_events_by_instance ON digest_events (environment, user_id, instance_id, at);
