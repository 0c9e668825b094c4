-- What a send said of a person besides their id: an address that is stored nowhere else.

ALTER TABLE digest_events ADD COLUMN recipient TEXT NOT NULL DEFAULT '{}';

-- A topic whose digest changes has what is gathered looked at again.
CREATE INDEX digest_instances_by_topic ON digest_instances (environment, topic_id, created, id);
