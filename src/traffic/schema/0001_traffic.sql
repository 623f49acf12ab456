CREATE TABLE traffic (
    source_id BIGINT NOT NULL,
    span_s BIGINT NOT NULL,
    at BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    limited BIGINT NOT NULL,
    PRIMARY KEY (source_id, span_s, at)
);
CREATE INDEX traffic_by_age ON traffic (span_s, at);
CREATE TABLE traffic_source (
    source_id BIGINT PRIMARY KEY,
    last_event_at BIGINT NOT NULL,
    newest TEXT NOT NULL
);
CREATE TABLE traffic_cursor (
    id BIGINT PRIMARY KEY,
    position BIGINT NOT NULL
);
