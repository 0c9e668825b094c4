-- Messages that are gathered and sent as one.

CREATE TABLE digest_instances (
    environment smallint NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    topic_id    text NOT NULL,
    -- Empty: none.
    tenant_id   text NOT NULL,
    schedule_id text NOT NULL,
    released    boolean NOT NULL,
    events      bigint NOT NULL,
    counts      text NOT NULL,
    created     bigint NOT NULL,
    PRIMARY KEY (environment, user_id, id)
);

-- One gathering at a time.
CREATE UNIQUE INDEX digest_instances_open
    ON digest_instances (environment, user_id, topic_id, tenant_id, schedule_id) WHERE NOT released;
CREATE INDEX digest_instances_by_schedule ON digest_instances (environment, schedule_id, created, id);

CREATE TABLE digest_events (
    environment smallint NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    message_id  text COLLATE "C" NOT NULL,
    instance_id text NOT NULL,
    at          bigint NOT NULL,
    categories  text NOT NULL,
    data        text NOT NULL,
    PRIMARY KEY (environment, user_id, message_id)
);

CREATE INDEX digest_events_by_instance ON digest_events (environment, user_id, instance_id, at);
