-- What an event that came in tells of: something done, who somebody is, where they belong, ..

ALTER TABLE track_events ADD COLUMN kind TEXT NOT NULL DEFAULT 'track';
