CREATE TABLE change (
    seq IDENTITY,
    tx BIGINT NOT NULL,
    at BIGINT NOT NULL,
    principal TEXT NOT NULL,
    cause_kind TEXT NOT NULL,
    cause_id TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    record_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    op TEXT NOT NULL,
    before TEXT,
    after TEXT
);
CREATE INDEX change_of_record ON change (object_id, record_id, seq);
