ALTER TABLE import ADD COLUMN log_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN log_to BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN change_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN change_to BIGINT NOT NULL DEFAULT 0;
CREATE TABLE import_said (
    import_id BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    kind TEXT NOT NULL,
    ids BYTEA NOT NULL,
    PRIMARY KEY (import_id, batch, kind)
) WITHOUT ROWID;
CREATE TABLE import_retracted (
    source_id BIGINT NOT NULL,
    message BIGINT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (source_id, message)
) WITHOUT ROWID;
CREATE TABLE import_rollback (
    import_id BIGINT PRIMARY KEY,
    state TEXT NOT NULL,
    is_preview BIGINT NOT NULL,
    principal TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    planned_to BIGINT NOT NULL,
    is_planned BIGINT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    counts TEXT NOT NULL,
    error TEXT
);
CREATE TABLE import_rollback_item (
    import_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    ref BIGINT NOT NULL,
    is_made BIGINT NOT NULL,
    first_change BIGINT NOT NULL,
    version BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    is_done BIGINT NOT NULL,
    PRIMARY KEY (import_id, kind, ref)
) WITHOUT ROWID;
CREATE TABLE import_rollback_frame (
    import_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    subject BIGINT NOT NULL,
    is_import BIGINT NOT NULL,
    event BIGINT NOT NULL,
    claim BIGINT NOT NULL,
    reason TEXT NOT NULL,
    state BIGINT NOT NULL,
    PRIMARY KEY (import_id, subject, position)
);
CREATE INDEX import_rollback_frame_by_position ON import_rollback_frame (import_id, position, subject);
CREATE INDEX import_rollback_frame_of_event ON import_rollback_frame (import_id, event) WHERE event <> 0;
CREATE INDEX import_rollback_frame_to_do ON import_rollback_frame (import_id, position)
    WHERE state = 0 AND is_import = 1 AND reason = '';
CREATE INDEX import_rollback_frame_retracted ON import_rollback_frame (import_id, position) WHERE state = 1;
