-- What people say of lists is logged, too.

ALTER TABLE preference_log ADD COLUMN list_id TEXT;
