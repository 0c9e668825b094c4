-- Whether the next revision takes a version's place: it was revised last, and never in force.
ALTER TABLE document_versions ADD COLUMN revisable boolean NOT NULL DEFAULT false;
