-- Who agreed to what, and what counts towards a person's limits.

-- The consent ledger. Only grows; a person who is erased leaves a pseudonym.
CREATE TABLE consents (
    environment smallint         NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    number      bigint           NOT NULL GENERATED ALWAYS AS IDENTITY,
    topic_id    text             NOT NULL,
    -- Empty: everywhere.
    tenant_id   text             NOT NULL,
    action      text             NOT NULL,
    at          bigint           NOT NULL,
    source      text             NOT NULL,
    wording     text,
    message_id  text,
    PRIMARY KEY (environment, user_id, number)
);

CREATE TABLE sends (
    environment smallint         NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    message_id  text COLLATE "C" NOT NULL,
    topic_id    text             NOT NULL,
    at          bigint           NOT NULL,
    PRIMARY KEY (environment, user_id, message_id)
);
