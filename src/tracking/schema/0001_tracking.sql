CREATE TABLE refused_message (
    id IDENTITY,
    source_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    code TEXT NOT NULL,
    path TEXT NOT NULL,
    message TEXT NOT NULL
);
CREATE INDEX refused_message_by_source ON refused_message (source_id, id);
