ALTER TABLE source ADD COLUMN consent TEXT NOT NULL DEFAULT 'none';
ALTER TABLE source ADD COLUMN allowed_origins TEXT NOT NULL DEFAULT '[]';
ALTER TABLE source ADD COLUMN is_active BIGINT NOT NULL DEFAULT 1;
ALTER TABLE write_key ADD COLUMN last_used_at BIGINT;
CREATE INDEX write_key_of_source ON write_key (source_id, id);
