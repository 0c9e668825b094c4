-- Audiences, what their filters look at, and who belongs to them.

CREATE TABLE audiences (
    environment INTEGER NOT NULL,
    id          TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    description TEXT    NOT NULL,
    filter      TEXT,
    operator    TEXT,
    version     INTEGER NOT NULL,
    created     INTEGER NOT NULL,
    updated     INTEGER NOT NULL,
    PRIMARY KEY (environment, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audience_keys (
    environment INTEGER NOT NULL,
    key         TEXT    NOT NULL,
    audience_id TEXT    NOT NULL,
    PRIMARY KEY (environment, key, audience_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX audience_keys_by_audience ON audience_keys (environment, audience_id);

CREATE TABLE audience_members (
    environment INTEGER NOT NULL,
    audience_id TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    added       INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    PRIMARY KEY (environment, audience_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX audience_members_by_user ON audience_members (environment, user_id, audience_id);

-- Messages of a request in the order of their ids, so that they can be gone through.
DROP INDEX messages_by_request;
CREATE INDEX messages_by_request ON messages (environment, request_id, id) WHERE request_id <> id;
