CREATE TABLE place (
    id BIGINT PRIMARY KEY,
    format BIGINT NOT NULL,
    origin TEXT NOT NULL,
    news BIGINT NOT NULL,
    customer BIGINT NOT NULL,
    record BIGINT NOT NULL,
    count BIGINT NOT NULL
);
CREATE TABLE document (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE TABLE posting (
    part BIGINT NOT NULL,
    term TEXT NOT NULL,
    ids BYTEA NOT NULL,
    PRIMARY KEY (part, term)
) WITHOUT ROWID;
CREATE TABLE word (
    id IDENTITY,
    word TEXT NOT NULL UNIQUE
);
CREATE TABLE shortened (
    hash BIGINT NOT NULL,
    word_id BIGINT NOT NULL,
    PRIMARY KEY (hash, word_id)
) WITHOUT ROWID;
