ALTER TABLE refused_message ADD COLUMN message_id TEXT NOT NULL DEFAULT '';
ALTER TABLE refused_message ADD COLUMN times BIGINT NOT NULL DEFAULT 1;
ALTER TABLE refused_message ADD COLUMN last_at BIGINT;
CREATE UNIQUE INDEX refused_message_once ON refused_message (source_id, message_id, code, path) WHERE message_id <> '';
