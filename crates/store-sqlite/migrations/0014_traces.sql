-- Messages that bear a caller's own trace id are listed newest first, also when there are very many.
DROP INDEX messages_by_trace;
CREATE INDEX messages_by_trace ON messages (environment, trace_id, enqueued, id) WHERE trace_id IS NOT NULL;

-- Events that came in, newest first.
CREATE INDEX track_events_newest ON track_events (environment, at, message_id);
