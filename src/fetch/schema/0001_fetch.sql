CREATE TABLE fetch_place (
    source_id BIGINT PRIMARY KEY REFERENCES source (id),
    place TEXT NOT NULL,
    folder TEXT NOT NULL,
    url TEXT NOT NULL,
    ca_certificates TEXT NOT NULL,
    host TEXT NOT NULL,
    port BIGINT NOT NULL,
    login TEXT NOT NULL,
    pattern TEXT NOT NULL,
    every_minutes BIGINT NOT NULL,
    daily_at TEXT,
    steady_s BIGINT NOT NULL,
    size_mb_max BIGINT NOT NULL,
    is_on BIGINT NOT NULL,
    host_key TEXT NOT NULL,
    host_key_offered TEXT NOT NULL,
    password BYTEA,
    private_key BYTEA,
    passphrase BYTEA,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    looked_at BIGINT,
    look_ended_at BIGINT,
    found BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    unsteady BIGINT NOT NULL,
    error_code TEXT,
    error TEXT,
    failing_since BIGINT
);
CREATE TABLE fetched_file (
    id IDENTITY,
    source_id BIGINT NOT NULL REFERENCES source (id),
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    modified_us BIGINT NOT NULL,
    state TEXT NOT NULL,
    lies TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    ended_at BIGINT,
    digest TEXT NOT NULL,
    upload_id BIGINT,
    import_id BIGINT,
    reason TEXT,
    same_as BIGINT
);
CREATE INDEX fetched_file_of_source ON fetched_file (source_id, id);
CREATE INDEX fetched_file_by_digest ON fetched_file (source_id, digest);
CREATE INDEX fetched_file_by_state ON fetched_file (state, source_id);
CREATE INDEX fetched_file_by_place ON fetched_file (source_id, lies);
