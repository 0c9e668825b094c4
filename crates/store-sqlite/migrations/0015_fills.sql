-- Large writes to lists, which are done in the background: a fill is one of them, numbered by list.

-- How many fills were asked for.
ALTER TABLE lists ADD COLUMN fills INTEGER NOT NULL DEFAULT 0;
-- Fills up to this one were replaced by a later write of the whole list, and write nothing any more.
ALTER TABLE lists ADD COLUMN voided INTEGER NOT NULL DEFAULT 0;
-- The last fill that had been asked for when the row was last written; a fill only touches rows with a smaller number.
ALTER TABLE subscriptions ADD COLUMN fill INTEGER NOT NULL DEFAULT 0;

-- Fills that are not done.
CREATE TABLE list_fills (
    environment INTEGER NOT NULL,
    list_id     TEXT    NOT NULL,
    fill        INTEGER NOT NULL,
    job         TEXT    NOT NULL,
    asked       INTEGER NOT NULL,
    PRIMARY KEY (environment, list_id, fill)
) STRICT, WITHOUT ROWID;

-- Who left a list while a fill was not done, and after which one.
CREATE TABLE list_leavers (
    environment INTEGER NOT NULL,
    list_id     TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    fill        INTEGER NOT NULL,
    PRIMARY KEY (environment, list_id, user_id)
) STRICT, WITHOUT ROWID;

-- Filters that somebody may pass who has nothing of what they look at; from now on found by this key.
INSERT INTO audience_keys (environment, key, audience_id)
SELECT environment, '$nothing', id FROM audiences WHERE filter LIKE '%OMIT%' OR filter LIKE '%MEMBER_OF%';
