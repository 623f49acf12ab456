CREATE TABLE import (
    id IDENTITY,
    source_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    file TEXT NOT NULL,
    map TEXT NOT NULL,
    state TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    rows_read BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    warnings BIGINT NOT NULL,
    problems TEXT NOT NULL,
    error TEXT
);
