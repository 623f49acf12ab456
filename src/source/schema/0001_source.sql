CREATE TABLE source (
    id IDENTITY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    region TEXT NOT NULL,
    trust BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE TABLE write_key (
    id IDENTITY,
    source_id BIGINT NOT NULL REFERENCES source (id),
    digest BYTEA NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);
INSERT INTO source (name, kind, zone, currency, region, trust, created_at, version) VALUES ('manual', 'manual', 'UTC', 'CNY', 'CN', 100, 0, 1);
