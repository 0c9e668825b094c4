-- Forgetting a person finds what the application told of them.

CREATE INDEX track_events_by_user ON track_events (environment, user_id) WHERE user_id IS NOT NULL;
