-- Whether the next revision takes a version's place: it was revised last, and never in force.
ALTER TABLE document_versions ADD COLUMN revisable INTEGER NOT NULL DEFAULT 0;
