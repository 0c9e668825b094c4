-- Lists and who is on them, and what a request sends to a crowd.

CREATE TABLE lists (
    environment smallint         NOT NULL,
    id          text COLLATE "C" NOT NULL,
    name        text             NOT NULL,
    preferences text,
    created     bigint           NOT NULL,
    updated     bigint           NOT NULL,
    deleted     bigint,
    PRIMARY KEY (environment, id)
);

CREATE TABLE subscriptions (
    environment smallint         NOT NULL,
    list_id     text COLLATE "C" NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    preferences text,
    created     bigint           NOT NULL,
    PRIMARY KEY (environment, list_id, user_id)
);

CREATE INDEX subscriptions_by_user ON subscriptions (environment, user_id, list_id);

-- The entries of `to` that are crowds, as JSON; NULL when there are none.
ALTER TABLE requests ADD COLUMN crowds text;
ALTER TABLE requests ADD COLUMN canceled_at bigint;

-- What there is to say of a request beside its messages, such as that a list is not there.
CREATE TABLE request_notes (
    environment smallint         NOT NULL,
    request_id  text COLLATE "C" NOT NULL,
    entry       integer          NOT NULL,
    note        text COLLATE "C" NOT NULL,
    PRIMARY KEY (environment, request_id, entry, note)
);
