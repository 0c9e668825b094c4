-- What else the log of preferences keeps, and which links to a person's page are no longer good.

ALTER TABLE preference_log ADD COLUMN message_id TEXT;
-- Of opt-outs that came by mail only: a wave from one domain is a scanner that follows links.
ALTER TABLE preference_log ADD COLUMN mail_domain TEXT;

CREATE INDEX preference_log_by_domain ON preference_log (environment, at, mail_domain, user_id)
    WHERE mail_domain IS NOT NULL;

CREATE TABLE link_revocations (
    environment INTEGER NOT NULL,
    user_id     TEXT    NOT NULL,
    before      INTEGER NOT NULL,
    PRIMARY KEY (environment, user_id)
) STRICT, WITHOUT ROWID;
