-- What is told to customers' own servers.

CREATE TABLE webhook_deliveries (
    environment smallint         NOT NULL,
    endpoint_id text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    event       text             NOT NULL,
    resource    text             NOT NULL,
    payload     text             NOT NULL,
    created     bigint           NOT NULL,
    state       text             NOT NULL,
    next_at     bigint,
    tries       integer          NOT NULL DEFAULT 0,
    since       bigint           NOT NULL,
    attempts    text             NOT NULL DEFAULT '[]',
    PRIMARY KEY (environment, endpoint_id, id)
);

CREATE INDEX webhook_deliveries_newest ON webhook_deliveries (environment, endpoint_id, created, id);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (created) WHERE state <> 'pending';

-- How each endpoint does. Apart from its document, which changes only when somebody changes it.
CREATE TABLE webhook_health (
    environment   smallint         NOT NULL,
    endpoint_id   text COLLATE "C" NOT NULL,
    last_success  bigint,
    last_failure  bigint,
    failing_since bigint,
    PRIMARY KEY (environment, endpoint_id)
);
