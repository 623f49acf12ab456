CREATE TABLE message_problem (
    source_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    at BIGINT NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (source_id, position)
) WITHOUT ROWID;
