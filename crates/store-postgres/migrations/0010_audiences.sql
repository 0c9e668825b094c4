-- Audiences, what their filters look at, and who belongs to them.

CREATE TABLE audiences (
    environment smallint         NOT NULL,
    id          text COLLATE "C" NOT NULL,
    name        text             NOT NULL,
    description text             NOT NULL,
    filter      text,
    operator    text,
    version     bigint           NOT NULL,
    created     bigint           NOT NULL,
    updated     bigint           NOT NULL,
    PRIMARY KEY (environment, id)
);

CREATE TABLE audience_keys (
    environment smallint         NOT NULL,
    key         text COLLATE "C" NOT NULL,
    audience_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (environment, key, audience_id)
);

CREATE INDEX audience_keys_by_audience ON audience_keys (environment, audience_id);

CREATE TABLE audience_members (
    environment smallint         NOT NULL,
    audience_id text COLLATE "C" NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    version     bigint           NOT NULL,
    added       bigint           NOT NULL,
    reason      text             NOT NULL,
    PRIMARY KEY (environment, audience_id, user_id)
);

CREATE INDEX audience_members_by_user ON audience_members (environment, user_id, audience_id);

-- Messages of a request in the order of their ids, so that they can be gone through.
DROP INDEX messages_by_request;
CREATE INDEX messages_by_request ON messages (environment, request_id, id) WHERE request_id <> id;
