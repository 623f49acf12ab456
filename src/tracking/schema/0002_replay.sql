ALTER TABLE refused_message ADD COLUMN call TEXT NOT NULL DEFAULT '';
ALTER TABLE refused_message ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE refused_message ADD COLUMN replayed_at BIGINT;
CREATE INDEX refused_message_by_reason ON refused_message (source_id, replayed_at, code, path, id);
