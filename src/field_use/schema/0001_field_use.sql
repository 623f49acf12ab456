CREATE TABLE field_use (
    field_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    place_id BIGINT NOT NULL,
    part TEXT NOT NULL,
    PRIMARY KEY (field_id, kind, place_id, part)
) WITHOUT ROWID;
CREATE INDEX field_use_of_place ON field_use (kind, place_id);
