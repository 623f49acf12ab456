CREATE TABLE customer (
    id IDENTITY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    merged_into BIGINT,
    owner_id BIGINT,
    version BIGINT NOT NULL,
    provenance TEXT NOT NULL,
    name TEXT,
    first_name TEXT,
    last_name TEXT,
    gender TEXT,
    birthday TEXT,
    age TEXT,
    company TEXT,
    title TEXT,
    industry TEXT,
    website TEXT,
    language TEXT,
    country TEXT,
    province TEXT,
    city TEXT,
    district TEXT,
    address TEXT,
    postal_code TEXT,
    phone TEXT,
    email TEXT,
    note TEXT
);
CREATE INDEX customer_by_name ON customer (state, name);
CREATE TABLE customer_activity (
    customer_id BIGINT PRIMARY KEY,
    first_seen_at BIGINT,
    last_seen_at BIGINT,
    last_purchase_at BIGINT,
    event_count BIGINT NOT NULL,
    order_count BIGINT NOT NULL,
    ticket_count BIGINT NOT NULL,
    total_spend BIGINT NOT NULL,
    currency TEXT NOT NULL,
    unconverted TEXT
);
CREATE INDEX customer_activity_by_spend ON customer_activity (total_spend, customer_id);
CREATE INDEX customer_activity_by_last_seen ON customer_activity (last_seen_at, customer_id);
CREATE TABLE node_activity (
    node_id BIGINT PRIMARY KEY,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    event_count BIGINT NOT NULL
);
CREATE TABLE intake_cursor (
    name TEXT PRIMARY KEY,
    position BIGINT NOT NULL
);
