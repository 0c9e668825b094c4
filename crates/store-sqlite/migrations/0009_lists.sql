-- Lists and who is on them, and what a request sends to a crowd.

CREATE TABLE lists (
    environment INTEGER NOT NULL,
    id          TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    preferences TEXT,
    created     INTEGER NOT NULL,
    updated     INTEGER NOT NULL,
    deleted     INTEGER,
    PRIMARY KEY (environment, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriptions (
    environment INTEGER NOT NULL,
    list_id     TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    preferences TEXT,
    created     INTEGER NOT NULL,
    PRIMARY KEY (environment, list_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX subscriptions_by_user ON subscriptions (environment, user_id, list_id);

-- The entries of `to` that are crowds, as JSON; NULL when there are none.
ALTER TABLE requests ADD COLUMN crowds TEXT;
ALTER TABLE requests ADD COLUMN canceled_at INTEGER;

-- What there is to say of a request beside its messages, such as that a list is not there.
CREATE TABLE request_notes (
    environment INTEGER NOT NULL,
    request_id  TEXT    NOT NULL,
    entry       INTEGER NOT NULL,
    note        TEXT    NOT NULL,
    PRIMARY KEY (environment, request_id, entry, note)
) STRICT, WITHOUT ROWID;
