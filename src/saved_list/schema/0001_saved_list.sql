CREATE TABLE saved_list (
    id IDENTITY,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    is_shared BIGINT NOT NULL,
    question TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    edited_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX saved_list_of_owner ON saved_list (owner, name) WHERE deleted_at IS NULL;
CREATE INDEX saved_list_shared ON saved_list (is_shared, id);
