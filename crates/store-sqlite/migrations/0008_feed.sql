-- What people do with their feeds, and a sequence per person that numbers arrivals and changes alike.

CREATE TABLE feed_ends (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    sequence    INTEGER NOT NULL,
    PRIMARY KEY (environment, user_id)
) STRICT, WITHOUT ROWID;

INSERT INTO feed_ends SELECT environment, user_id, MAX(sequence) FROM feed GROUP BY environment, user_id;

ALTER TABLE feed RENAME TO feed_before;

-- A message is in a person's feed once.
CREATE TABLE feed (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    message_id  TEXT    NOT NULL,
    -- Empty: without a tenant.
    tenant      TEXT    NOT NULL,
    sequence    INTEGER NOT NULL,
    changed     INTEGER NOT NULL,
    created     INTEGER NOT NULL,
    expires_at  INTEGER,
    read_at     INTEGER,
    opened_at   INTEGER,
    archived_at INTEGER,
    clicked_at  INTEGER,
    slot        TEXT,
    tags        TEXT    NOT NULL,
    content     TEXT    NOT NULL,
    PRIMARY KEY (environment, user_id, message_id)
) STRICT;

INSERT INTO feed (environment, user_id, message_id, tenant, sequence, changed, created, expires_at, tags, content)
SELECT environment, user_id, message_id, COALESCE(tenant_id, ''), MIN(sequence), MIN(sequence), created, expires_at,
       COALESCE(json_extract(content, '$.tags'), '[]'), content
FROM feed_before GROUP BY environment, user_id, message_id;

DROP TABLE feed_before;

CREATE INDEX feed_arrivals ON feed (environment, user_id, sequence);
-- Pages and counts: each entry is in one of the two, which hold all that most counts look at.
CREATE INDEX feed_present ON feed (environment, user_id, tenant, created, sequence, read_at, expires_at)
    WHERE archived_at IS NULL;
CREATE INDEX feed_archive ON feed (environment, user_id, tenant, created, sequence, read_at, expires_at)
    WHERE archived_at IS NOT NULL;

CREATE TABLE feed_tags (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    tag         TEXT    NOT NULL,
    message_id  TEXT    NOT NULL,
    PRIMARY KEY (environment, user_id, tag, message_id)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO feed_tags
SELECT f.environment, f.user_id, t.value, f.message_id FROM feed AS f, json_each(f.tags) AS t;

-- What happened lately, for those who follow a feed.
CREATE TABLE feed_changes (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    sequence    INTEGER NOT NULL,
    event       TEXT    NOT NULL,
    -- For one entry: its tenant, empty for none. For many at once: NULL for all tenants.
    tenant      TEXT,
    -- A JSON array of message ids.
    messages    TEXT    NOT NULL,
    source      TEXT,
    at          INTEGER NOT NULL,
    PRIMARY KEY (environment, user_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE INDEX feed_changes_oldest ON feed_changes (at);

-- Which tenant a client shows, for those that show one.
CREATE TABLE feed_sources (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    source      TEXT    NOT NULL,
    tenant      TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (environment, user_id, source)
) STRICT, WITHOUT ROWID;

CREATE INDEX feed_sources_oldest ON feed_sources (at);
