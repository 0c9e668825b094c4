-- What people do with their feeds. A person's sequence now numbers arrivals and changes alike.

ALTER TABLE feed RENAME TO feed_before;
ALTER TABLE feed_before DROP CONSTRAINT feed_pkey;

-- A message is in a person's feed once.
CREATE TABLE feed (
    environment smallint         NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    message_id  text COLLATE "C" NOT NULL,
    -- Empty: without a tenant.
    tenant      text COLLATE "C" NOT NULL,
    sequence    bigint           NOT NULL,
    changed     bigint           NOT NULL,
    created     bigint           NOT NULL,
    expires_at  bigint,
    read_at     bigint,
    opened_at   bigint,
    archived_at bigint,
    clicked_at  bigint,
    slot        text,
    tags        text[]           NOT NULL,
    content     text             NOT NULL,
    PRIMARY KEY (environment, user_id, message_id)
);

INSERT INTO feed (environment, user_id, message_id, tenant, sequence, changed, created, expires_at, tags, content)
SELECT DISTINCT ON (environment, user_id, message_id)
       environment, user_id, message_id, COALESCE(tenant_id, ''), sequence, sequence, created, expires_at,
       ARRAY(SELECT json_array_elements_text(content::json -> 'tags')), content
FROM feed_before ORDER BY environment, user_id, message_id, sequence;

DROP TABLE feed_before;

CREATE INDEX feed_arrivals ON feed (environment, user_id, sequence);
-- Pages and counts: each entry is in one of the two, which hold all that most counts look at.
CREATE INDEX feed_present ON feed (environment, user_id, tenant, created, sequence, read_at, expires_at)
    WHERE archived_at IS NULL;
CREATE INDEX feed_archive ON feed (environment, user_id, tenant, created, sequence, read_at, expires_at)
    WHERE archived_at IS NOT NULL;

-- What happened lately, for those who follow a feed.
CREATE TABLE feed_changes (
    environment smallint         NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    sequence    bigint           NOT NULL,
    event       text             NOT NULL,
    -- For one entry: its tenant, empty for none. For many at once: NULL for all tenants.
    tenant      text,
    messages    text[]           NOT NULL,
    source      text,
    at          bigint           NOT NULL,
    PRIMARY KEY (environment, user_id, sequence)
);

CREATE INDEX feed_changes_oldest ON feed_changes (at);

-- Which tenant a client shows, for those that show one.
CREATE TABLE feed_sources (
    environment smallint         NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    source      text COLLATE "C" NOT NULL,
    tenant      text             NOT NULL,
    at          bigint           NOT NULL,
    PRIMARY KEY (environment, user_id, source)
);

CREATE INDEX feed_sources_oldest ON feed_sources (at);
