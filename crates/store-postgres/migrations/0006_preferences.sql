-- What else the log of preferences keeps, and which links to a person's page are no longer good.

ALTER TABLE preference_log ADD COLUMN message_id text;
-- Of opt-outs that came by mail only: a wave from one domain is a scanner that follows links.
ALTER TABLE preference_log ADD COLUMN mail_domain text;

CREATE INDEX preference_log_by_domain ON preference_log (environment, at, mail_domain, user_id)
    WHERE mail_domain IS NOT NULL;
CREATE INDEX preference_log_newest ON preference_log (environment, number);

CREATE TABLE link_revocations (
    environment smallint         NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    before      bigint           NOT NULL,
    PRIMARY KEY (environment, user_id)
);
