-- The first schema.
--
-- environment: 0 production, 1 test. Moments are milliseconds since 1970, UTC, but for leases, which only the
-- database's own clock measures. JSON is text: unlike jsonb it keeps every string a caller may send.
--
-- Tables that grow with traffic carry what they may be spread by (environment and message or person) in every unique
-- index, and no foreign keys. Ids compare byte by byte, whatever the locale of the database.

-- Numbers the processes that connect, so that each knows its own notifications.
CREATE SEQUENCE nodes;

CREATE TABLE requests (
    environment smallint         NOT NULL,
    id          text COLLATE "C" NOT NULL,
    scope       text             NOT NULL,
    mode        text             NOT NULL,
    accepted_at bigint           NOT NULL,
    spec        text             NOT NULL,
    PRIMARY KEY (environment, id)
);

CREATE TABLE messages (
    environment   smallint         NOT NULL,
    id            text COLLATE "C" NOT NULL,
    request_id    text COLLATE "C" NOT NULL,
    recipient     text COLLATE "C" NOT NULL,
    user_id       text COLLATE "C",
    to_entry      text             NOT NULL,
    -- The list named in to_entry.
    list_id       text COLLATE "C",
    event         text COLLATE "C" NOT NULL,
    notification  text COLLATE "C" NOT NULL,
    tags          text[]           NOT NULL,
    trace_id      text COLLATE "C",
    tenant_id     text COLLATE "C",
    one_time      boolean          NOT NULL,
    redacted      boolean          NOT NULL DEFAULT false,
    status        text COLLATE "C" NOT NULL,
    reason        text,
    error         text,
    enqueued      bigint           NOT NULL,
    sent          bigint,
    delivered     bigint,
    opened        bigint,
    clicked       bigint,
    canceled_at   bigint,
    archived      boolean          NOT NULL DEFAULT false,
    -- NULL until the first step was recorded.
    providers     text,
    -- The keys of the providers in there.
    provider_keys text[],
    progress      text,
    trace         text,
    PRIMARY KEY (environment, id)
) WITH (fillfactor = 80);

CREATE INDEX messages_newest ON messages (environment, enqueued, id);
CREATE INDEX messages_by_recipient ON messages (environment, recipient, enqueued);
-- A request with one recipient has the id of its message, which the primary key finds.
CREATE INDEX messages_by_request ON messages (environment, request_id) WHERE request_id <> id;
CREATE INDEX messages_by_trace ON messages (environment, trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX messages_to_redact ON messages (enqueued) WHERE one_time AND NOT redacted;

-- Pending work: this table is the queue. A row goes with the step that finishes its message.
CREATE TABLE work (
    environment  smallint         NOT NULL,
    id           text COLLATE "C" NOT NULL,
    lane         smallint         NOT NULL,
    due          bigint           NOT NULL,
    deadline     bigint           NOT NULL,
    -- Whether the message has a final status and only waits for what may follow it.
    settled      boolean          NOT NULL DEFAULT false,
    -- Grows with each claim, so that each has a proof of its own.
    token        bigint           NOT NULL DEFAULT 0,
    -- NULL when nobody holds it. By the clock of the database, which is the same for all nodes.
    leased_until timestamptz,
    -- For how long a step that keeps the claim renews it, in milliseconds.
    lease_ms     bigint           NOT NULL DEFAULT 0,
    PRIMARY KEY (environment, id)
-- Claims change columns without an index: room in the page lets them stay there. Rows come and go all the time.
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

CREATE INDEX work_due ON work (lane, due, environment, id);

-- History: one row per recorded step, holding a JSON array of its lines.
CREATE TABLE events (
    environment smallint         NOT NULL,
    message_id  text COLLATE "C" NOT NULL,
    number      bigint           NOT NULL GENERATED ALWAYS AS IDENTITY,
    lines       text             NOT NULL,
    PRIMARY KEY (environment, message_id, number)
);

CREATE TABLE outputs (
    environment smallint         NOT NULL,
    message_id  text COLLATE "C" NOT NULL,
    channel_id  text COLLATE "C" NOT NULL,
    -- The order in which channels were first rendered.
    number      bigint           NOT NULL GENERATED ALWAYS AS IDENTITY,
    channel     text             NOT NULL,
    content     text             NOT NULL,
    PRIMARY KEY (environment, message_id, channel_id)
);

CREATE TABLE documents (
    environment       smallint         NOT NULL,
    kind              text COLLATE "C" NOT NULL,
    id                text COLLATE "C" NOT NULL,
    parent            text COLLATE "C",
    body              text             NOT NULL,
    published         text,
    published_version integer,
    has_changes       boolean          NOT NULL,
    created           bigint           NOT NULL,
    creator           text             NOT NULL,
    updated           bigint,
    updater           text,
    published_at      bigint,
    archived          boolean          NOT NULL DEFAULT false,
    PRIMARY KEY (environment, kind, id)
);

CREATE INDEX documents_oldest ON documents (environment, kind, created, id);

CREATE TABLE document_names (
    environment smallint         NOT NULL,
    kind        text COLLATE "C" NOT NULL,
    name        text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    position    integer          NOT NULL,
    PRIMARY KEY (environment, kind, name)
);

CREATE INDEX document_names_by_document ON document_names (environment, kind, id, position);

CREATE TABLE document_versions (
    environment smallint         NOT NULL,
    kind        text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    number      integer          NOT NULL,
    body        text             NOT NULL,
    created     bigint           NOT NULL,
    creator     text             NOT NULL,
    PRIMARY KEY (environment, kind, id, number)
);

-- One row per environment. Whoever changes a document holds it, so that revisions are seen in the order of their numbers.
CREATE TABLE document_revision (
    environment smallint NOT NULL PRIMARY KEY,
    revision    bigint   NOT NULL
);

INSERT INTO document_revision (environment, revision) VALUES (0, 0), (1, 0);

CREATE TABLE profiles (
    environment smallint         NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    body        text             NOT NULL,
    updated     bigint           NOT NULL,
    PRIMARY KEY (environment, user_id)
);

CREATE TABLE tokens (
    environment   smallint         NOT NULL,
    token         text COLLATE "C" NOT NULL,
    user_id       text COLLATE "C" NOT NULL,
    registered_at bigint           NOT NULL,
    body          text             NOT NULL,
    PRIMARY KEY (environment, token)
);

CREATE INDEX tokens_by_user ON tokens (environment, user_id, registered_at);

CREATE TABLE preferences (
    environment smallint         NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    -- Empty: everywhere.
    tenant_id   text COLLATE "C" NOT NULL,
    topic_id    text COLLATE "C" NOT NULL,
    body        text             NOT NULL,
    updated     bigint           NOT NULL,
    PRIMARY KEY (environment, user_id, tenant_id, topic_id)
);

-- Who said what when. Only grows.
CREATE TABLE preference_log (
    environment smallint         NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    number      bigint           NOT NULL GENERATED ALWAYS AS IDENTITY,
    tenant_id   text             NOT NULL,
    topic_id    text             NOT NULL,
    at          bigint           NOT NULL,
    source      text             NOT NULL,
    before      text,
    after       text,
    PRIMARY KEY (environment, user_id, number)
);

CREATE TABLE api_keys (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    environment smallint         NOT NULL,
    scope       text             NOT NULL,
    mode        text             NOT NULL,
    hint        text             NOT NULL,
    hash        text COLLATE "C" NOT NULL UNIQUE,
    name        text             NOT NULL,
    created     bigint           NOT NULL,
    revoked     bigint
);

CREATE TABLE secrets (
    environment smallint         NOT NULL,
    name        text COLLATE "C" NOT NULL,
    value       text             NOT NULL,
    PRIMARY KEY (environment, name)
);

-- Replies to calls that may be repeated; status and body are NULL while the call is being carried out.
CREATE TABLE replies (
    environment smallint         NOT NULL,
    operation   text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    fingerprint text             NOT NULL,
    began       bigint           NOT NULL,
    expires     bigint           NOT NULL,
    status      integer,
    body        text,
    PRIMARY KEY (environment, operation, key)
);

CREATE INDEX replies_by_expiry ON replies (expires);

CREATE TABLE feed (
    environment smallint         NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    sequence    bigint           NOT NULL,
    message_id  text COLLATE "C" NOT NULL,
    tenant_id   text,
    content     text             NOT NULL,
    created     bigint           NOT NULL,
    expires_at  bigint,
    PRIMARY KEY (environment, user_id, sequence)
);

CREATE INDEX feed_by_message ON feed (environment, message_id);

-- The last place given in each person's feed. Whoever adds to the feed holds the row, so that places are seen in order.
CREATE TABLE feed_ends (
    environment smallint         NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    sequence    bigint           NOT NULL,
    PRIMARY KEY (environment, user_id)
) WITH (fillfactor = 70);

-- Numbers are never given twice, so that a watcher can ask for what came after the last it saw.
CREATE TABLE outbox (
    number      bigint           NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    environment smallint         NOT NULL,
    message_id  text COLLATE "C" NOT NULL,
    provider    text             NOT NULL,
    address     text             NOT NULL,
    rendered    text             NOT NULL,
    payload     text,
    at          bigint           NOT NULL
);

CREATE INDEX outbox_by_message ON outbox (environment, message_id);

-- Written by health checks, to know that writing works.
CREATE TABLE heartbeat (
    one boolean     NOT NULL PRIMARY KEY,
    at  timestamptz NOT NULL
);

INSERT INTO heartbeat (one, at) VALUES (true, now());
