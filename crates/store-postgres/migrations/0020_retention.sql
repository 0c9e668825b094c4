-- What is kept for a while only.

-- Whether a bulk job's message is one-time.
ALTER TABLE bulk_jobs ADD COLUMN one_time boolean NOT NULL DEFAULT false;
-- Up to which place the data of its people is redacted; NULL: not begun. The largest number: all of it is.
ALTER TABLE bulk_jobs ADD COLUMN redacted bigint;
CREATE INDEX bulk_jobs_one_time ON bulk_jobs (environment, id) WHERE one_time;

-- When a gathering was released; NULL: before this was written down, or not yet.
ALTER TABLE digest_instances ADD COLUMN released_at bigint;
CREATE INDEX digest_instances_released ON digest_instances (released_at) WHERE released;
