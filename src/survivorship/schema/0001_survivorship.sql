CREATE TABLE survivorship (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    rules TEXT NOT NULL
);
INSERT INTO survivorship (id, version, rules) VALUES (1, 1, '{}');
CREATE TABLE refold (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    trusts TEXT NOT NULL,
    behind BIGINT NOT NULL,
    folded BIGINT NOT NULL,
    total BIGINT NOT NULL,
    is_done BIGINT NOT NULL
);
CREATE TABLE conflict (
    id IDENTITY,
    customer_id BIGINT NOT NULL,
    field TEXT NOT NULL,
    state TEXT NOT NULL,
    content TEXT NOT NULL,
    claims TEXT NOT NULL,
    since BIGINT NOT NULL,
    version BIGINT NOT NULL,
    left_by TEXT,
    left_at BIGINT,
    UNIQUE (customer_id, field)
);
CREATE INDEX conflict_by_field ON conflict (state, field, id);
CREATE INDEX conflict_by_state ON conflict (state, id);
