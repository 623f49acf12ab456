CREATE TABLE backup (
    id IDENTITY,
    cause TEXT NOT NULL,
    principal TEXT NOT NULL,
    target TEXT NOT NULL,
    has_keys BIGINT NOT NULL,
    state TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    bytes BIGINT NOT NULL,
    position BIGINT NOT NULL,
    events BIGINT NOT NULL,
    error_code TEXT,
    error TEXT,
    removed_at BIGINT
);
CREATE TABLE backup_settings (
    id BIGINT PRIMARY KEY,
    is_scheduled BIGINT NOT NULL,
    folder TEXT NOT NULL,
    hour BIGINT NOT NULL,
    keep_count BIGINT NOT NULL,
    has_keys BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
INSERT INTO backup_settings (id, is_scheduled, folder, hour, keep_count, has_keys, changed_at, version) VALUES (1, 0, '', 3, 7, 1, 0, 1);
