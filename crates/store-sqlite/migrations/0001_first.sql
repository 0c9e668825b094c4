-- The first schema.
--
-- environment: 0 production, 1 test. Moments are milliseconds since 1970, UTC. JSON is text.
-- Tables with large bodies have rowids, so that their bodies are appended; small ones are their own index.

CREATE TABLE requests (
    environment INTEGER NOT NULL,
    id          TEXT    NOT NULL,
    scope       TEXT    NOT NULL,
    mode        TEXT    NOT NULL,
    accepted_at INTEGER NOT NULL,
    spec        TEXT    NOT NULL,
    PRIMARY KEY (environment, id)
) STRICT;

CREATE TABLE messages (
    environment  INTEGER NOT NULL,
    id           TEXT    NOT NULL,
    request_id   TEXT    NOT NULL,
    recipient    TEXT    NOT NULL,
    user_id      TEXT,
    to_entry     TEXT    NOT NULL,
    event        TEXT    NOT NULL,
    notification TEXT    NOT NULL,
    tags         TEXT    NOT NULL,
    trace_id     TEXT,
    tenant_id    TEXT,
    one_time     INTEGER NOT NULL,
    redacted     INTEGER NOT NULL DEFAULT 0,
    status       TEXT    NOT NULL,
    reason       TEXT,
    error        TEXT,
    enqueued     INTEGER NOT NULL,
    sent         INTEGER,
    delivered    INTEGER,
    opened       INTEGER,
    clicked      INTEGER,
    canceled_at  INTEGER,
    archived     INTEGER NOT NULL DEFAULT 0,
    -- NULL until the first step was recorded.
    providers    TEXT,
    progress     TEXT,
    trace        TEXT,
    PRIMARY KEY (environment, id)
) STRICT;

CREATE INDEX messages_newest ON messages (environment, enqueued, id);
CREATE INDEX messages_by_recipient ON messages (environment, recipient, enqueued);
-- A request with one recipient has the id of its message, which the primary key finds.
CREATE INDEX messages_by_request ON messages (environment, request_id) WHERE request_id <> id;
CREATE INDEX messages_by_trace ON messages (environment, trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX messages_to_redact ON messages (enqueued) WHERE one_time = 1 AND redacted = 0;

-- Pending work: this table is the queue. A row goes with the step that finishes its message.
CREATE TABLE work (
    environment INTEGER NOT NULL,
    id          TEXT    NOT NULL,
    lane        INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    deadline    INTEGER NOT NULL,
    -- Whether the message has a final status and only waits for what may follow it.
    settled     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (environment, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX work_due ON work (lane, due);

-- History: one row per recorded step, holding a JSON array of its lines.
CREATE TABLE events (
    number      INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL,
    message_id  TEXT    NOT NULL,
    lines       TEXT    NOT NULL
) STRICT;

CREATE INDEX events_by_message ON events (environment, message_id);

CREATE TABLE outputs (
    environment INTEGER NOT NULL,
    message_id  TEXT    NOT NULL,
    channel_id  TEXT    NOT NULL,
    channel     TEXT    NOT NULL,
    content     TEXT    NOT NULL,
    PRIMARY KEY (environment, message_id, channel_id)
) STRICT;

CREATE TABLE documents (
    environment       INTEGER NOT NULL,
    kind              TEXT    NOT NULL,
    id                TEXT    NOT NULL,
    parent            TEXT,
    body              TEXT    NOT NULL,
    published         TEXT,
    published_version INTEGER,
    has_changes       INTEGER NOT NULL,
    created           INTEGER NOT NULL,
    creator           TEXT    NOT NULL,
    updated           INTEGER,
    updater           TEXT,
    published_at      INTEGER,
    archived          INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (environment, kind, id)
) STRICT;

CREATE INDEX documents_oldest ON documents (environment, kind, created, id);

CREATE TABLE document_names (
    environment INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    PRIMARY KEY (environment, kind, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX document_names_by_document ON document_names (environment, kind, id, position);

CREATE TABLE document_versions (
    environment INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    id          TEXT    NOT NULL,
    number      INTEGER NOT NULL,
    body        TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    creator     TEXT    NOT NULL,
    PRIMARY KEY (environment, kind, id, number)
) STRICT;

CREATE TABLE document_revision (
    environment INTEGER NOT NULL PRIMARY KEY,
    revision    INTEGER NOT NULL
) STRICT;

CREATE TABLE profiles (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    updated     INTEGER NOT NULL,
    PRIMARY KEY (environment, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    environment   INTEGER NOT NULL,
    token         TEXT    NOT NULL,
    user_id       TEXT    NOT NULL,
    registered_at INTEGER NOT NULL,
    body          TEXT    NOT NULL,
    PRIMARY KEY (environment, token)
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_by_user ON tokens (environment, user_id, registered_at);

CREATE TABLE preferences (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    -- Empty: everywhere.
    tenant_id   TEXT    NOT NULL,
    topic_id    TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    updated     INTEGER NOT NULL,
    PRIMARY KEY (environment, user_id, tenant_id, topic_id)
) STRICT, WITHOUT ROWID;

-- Who said what when. Only grows.
CREATE TABLE preference_log (
    number      INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    tenant_id   TEXT    NOT NULL,
    topic_id    TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    source      TEXT    NOT NULL,
    before      TEXT,
    after       TEXT
) STRICT;

CREATE INDEX preference_log_by_user ON preference_log (environment, user_id, number);

CREATE TABLE api_keys (
    id          TEXT    NOT NULL PRIMARY KEY,
    environment INTEGER NOT NULL,
    scope       TEXT    NOT NULL,
    mode        TEXT    NOT NULL,
    hint        TEXT    NOT NULL,
    hash        TEXT    NOT NULL UNIQUE,
    name        TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    revoked     INTEGER
) STRICT;

CREATE TABLE secrets (
    environment INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    value       TEXT    NOT NULL,
    PRIMARY KEY (environment, name)
) STRICT, WITHOUT ROWID;

-- Replies to calls that may be repeated; status and body are NULL while the call is being carried out.
CREATE TABLE replies (
    environment INTEGER NOT NULL,
    operation   TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,
    began       INTEGER NOT NULL,
    expires     INTEGER NOT NULL,
    status      INTEGER,
    body        TEXT,
    PRIMARY KEY (environment, operation, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX replies_by_expiry ON replies (expires);

CREATE TABLE feed (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    sequence    INTEGER NOT NULL,
    message_id  TEXT    NOT NULL,
    tenant_id   TEXT,
    content     TEXT    NOT NULL,
    created     INTEGER NOT NULL,
    expires_at  INTEGER,
    PRIMARY KEY (environment, user_id, sequence)
) STRICT;

CREATE INDEX feed_by_message ON feed (environment, message_id);

-- Numbers are never given twice, so that a watcher can ask for what came after the last it saw.
CREATE TABLE outbox (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    environment INTEGER NOT NULL,
    message_id  TEXT    NOT NULL,
    provider    TEXT    NOT NULL,
    address     TEXT    NOT NULL,
    rendered    TEXT    NOT NULL,
    payload     TEXT,
    at          INTEGER NOT NULL
) STRICT;

CREATE INDEX outbox_by_message ON outbox (environment, message_id);
