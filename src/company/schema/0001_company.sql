CREATE TABLE company (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    locale TEXT NOT NULL,
    version BIGINT NOT NULL
);
INSERT INTO company (id, name, zone, currency, locale, version) VALUES (1, '', 'UTC', 'CNY', 'zh-CN', 1);
CREATE TABLE "user" (
    id IDENTITY,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    locale TEXT NOT NULL,
    is_active BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
