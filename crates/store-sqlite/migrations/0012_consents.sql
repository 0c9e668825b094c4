-- Who agreed to what, and what counts towards a person's limits.

-- The consent ledger. Only grows; a person who is erased leaves a pseudonym.
CREATE TABLE consents (
    number      INTEGER PRIMARY KEY,
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    topic_id    TEXT    NOT NULL,
    -- Empty: everywhere.
    tenant_id   TEXT    NOT NULL,
    action      TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    source      TEXT    NOT NULL,
    wording     TEXT,
    message_id  TEXT
) STRICT;

CREATE INDEX consents_by_user ON consents (environment, user_id, number);

CREATE TABLE sends (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    message_id  TEXT    NOT NULL,
    topic_id    TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (environment, user_id, message_id)
) STRICT, WITHOUT ROWID;
