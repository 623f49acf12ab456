CREATE TABLE identity_policy (
    version BIGINT PRIMARY KEY,
    policy TEXT NOT NULL,
    made_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE identity_sweep (
    id BIGINT PRIMARY KEY,
    position BIGINT NOT NULL,
    types TEXT NOT NULL
);
INSERT INTO identity_sweep (id, position, types) VALUES (1, 0, '[]');
CREATE TABLE identifier_state (
    id IDENTITY,
    identifier_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    cause TEXT NOT NULL,
    made_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT
);
CREATE INDEX identifier_state_of_identifier ON identifier_state (identifier_id);
CREATE UNIQUE INDEX identifier_state_stands ON identifier_state (identifier_id) WHERE ended_at IS NULL;
INSERT INTO identifier_state (identifier_id, state, cause, made_by, reason, at)
SELECT i.id, i.state, CASE WHEN i.state = 'blocked' THEN 'placeholder' ELSE 'too_wide' END, 'system', '',
    (SELECT COALESCE(MIN(c.first_at), 0) FROM claim c WHERE c.identifier_id = i.id)
FROM identifier i WHERE i.state <> 'open' ORDER BY i.id;
UPDATE identifier SET sealed_value = substr(sealed_value, 1, 0) WHERE type = 'id_card';
