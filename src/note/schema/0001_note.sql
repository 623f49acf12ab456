CREATE TABLE note (
    id IDENTITY,
    node_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    is_pinned BIGINT NOT NULL,
    written_by TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    edited_by TEXT,
    edited_at BIGINT,
    deleted_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX note_of_node ON note (node_id, is_pinned, written_at, id);
