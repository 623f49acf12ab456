CREATE TABLE record_order (
    id IDENTITY,
    number_scope TEXT NOT NULL,
    number TEXT NOT NULL,
    source_id BIGINT NOT NULL,
    node_id BIGINT,
    contact_node_id BIGINT,
    time BIGINT NOT NULL,
    total BIGINT NOT NULL,
    currency TEXT NOT NULL,
    status TEXT,
    is_credit BIGINT NOT NULL,
    line_count BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (number_scope, number)
);
CREATE INDEX record_order_of_node ON record_order (node_id, time);
CREATE INDEX record_order_by_time ON record_order (time);
CREATE TABLE record_order_line (
    id IDENTITY,
    order_id BIGINT NOT NULL,
    line_number BIGINT NOT NULL,
    sku TEXT,
    name TEXT,
    quantity BIGINT NOT NULL,
    price BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    UNIQUE (order_id, line_number)
);
CREATE TABLE record_ticket (
    id IDENTITY,
    number_scope TEXT NOT NULL,
    number TEXT NOT NULL,
    source_id BIGINT NOT NULL,
    node_id BIGINT,
    time BIGINT,
    subject TEXT,
    status TEXT,
    rating BIGINT,
    digest BYTEA NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (number_scope, number)
);
CREATE INDEX record_ticket_of_node ON record_ticket (node_id, time);
CREATE INDEX record_ticket_by_time ON record_ticket (time);
