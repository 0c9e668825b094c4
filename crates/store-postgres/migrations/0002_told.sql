-- What was told of a message after it was handed over, as JSON; NULL when nothing was. Apart from what steps record, so
-- that the two never overwrite each other.

ALTER TABLE messages ADD COLUMN told text;
