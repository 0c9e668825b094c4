-- Finds a template's messages by time, for its metrics. Messages without a template are not in it, so that sends with
-- content of their own cost nothing more.
CREATE INDEX messages_by_template ON messages (environment, notification, enqueued) WHERE notification <> '';
