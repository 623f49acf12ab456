CREATE TABLE timeline_event (
    node_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (node_id, at, position)
) WITHOUT ROWID;
