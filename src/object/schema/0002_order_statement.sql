ALTER TABLE record_order ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0;
ALTER TABLE record_order ADD COLUMN is_cancelled BIGINT NOT NULL DEFAULT 0;
CREATE TABLE order_statement (
    number_scope TEXT NOT NULL,
    number TEXT NOT NULL,
    source_id BIGINT NOT NULL,
    medium TEXT NOT NULL,
    statement TEXT NOT NULL,
    PRIMARY KEY (number_scope, number, source_id, medium)
) WITHOUT ROWID;
