-- Large writes to lists, which are done in the background: a fill is one of them, numbered by list.

-- How many fills were asked for.
ALTER TABLE lists ADD COLUMN fills bigint NOT NULL DEFAULT 0;
-- Fills up to this one were replaced by a later write of the whole list, and write nothing any more.
ALTER TABLE lists ADD COLUMN voided bigint NOT NULL DEFAULT 0;
-- The last fill that had been asked for when the row was last written; a fill only touches rows with a smaller number.
ALTER TABLE subscriptions ADD COLUMN fill bigint NOT NULL DEFAULT 0;

-- Fills that are not done.
CREATE TABLE list_fills (
    environment smallint         NOT NULL,
    list_id     text COLLATE "C" NOT NULL,
    fill        bigint           NOT NULL,
    job         text COLLATE "C" NOT NULL,
    asked       bigint           NOT NULL,
    PRIMARY KEY (environment, list_id, fill)
);

-- Who left a list while a fill was not done, and after which one.
CREATE TABLE list_leavers (
    environment smallint         NOT NULL,
    list_id     text COLLATE "C" NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    fill        bigint           NOT NULL,
    PRIMARY KEY (environment, list_id, user_id)
);

-- Filters that somebody may pass who has nothing of what they look at; from now on found by this key.
INSERT INTO audience_keys (environment, key, audience_id)
SELECT environment, '$nothing', id FROM audiences WHERE filter LIKE '%OMIT%' OR filter LIKE '%MEMBER_OF%';
