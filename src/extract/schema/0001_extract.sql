CREATE TABLE extract (
    id IDENTITY,
    object TEXT NOT NULL,
    format TEXT NOT NULL,
    question TEXT NOT NULL,
    principal TEXT NOT NULL,
    locale TEXT NOT NULL,
    state TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    error TEXT
);
CREATE INDEX extract_of_state ON extract (state, id);
