CREATE TABLE credential (
    user_id BIGINT PRIMARY KEY REFERENCES "user" (id),
    password_hash TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE TABLE session (
    digest BYTEA PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES "user" (id),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
);
CREATE TABLE token (
    id IDENTITY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    digest BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE TABLE replay (
    principal TEXT NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    at BIGINT NOT NULL,
    answer BYTEA,
    PRIMARY KEY (principal, operation, key)
);
CREATE INDEX replay_by_age ON replay (at);
