CREATE TABLE order_statement_past (
    import_id BIGINT NOT NULL,
    number_scope TEXT NOT NULL,
    number TEXT NOT NULL,
    source_id BIGINT NOT NULL,
    statement TEXT,
    PRIMARY KEY (import_id, number_scope, number, source_id)
) WITHOUT ROWID;
