CREATE TABLE node (
    id IDENTITY,
    source_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    customer_id BIGINT NOT NULL,
    anchor_of BIGINT,
    facts TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    cause TEXT NOT NULL,
    UNIQUE (source_id, kind, subject_key)
);
CREATE INDEX node_of_customer ON node (customer_id);
CREATE TABLE identifier (
    id IDENTITY,
    type TEXT NOT NULL,
    scope TEXT NOT NULL,
    digest BYTEA NOT NULL,
    sealed_value BYTEA NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (digest, type, scope)
);
CREATE TABLE claim (
    node_id BIGINT NOT NULL,
    identifier_id BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    verified BIGINT NOT NULL,
    cause TEXT NOT NULL,
    PRIMARY KEY (node_id, identifier_id)
) WITHOUT ROWID;
CREATE INDEX claim_of_identifier ON claim (identifier_id, node_id);
CREATE TABLE link (
    id IDENTITY,
    node_a BIGINT NOT NULL,
    node_b BIGINT NOT NULL,
    identifier_id BIGINT,
    rule TEXT NOT NULL,
    rule_version BIGINT NOT NULL,
    evidence TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT
);
CREATE INDEX link_of_node_a ON link (node_a);
CREATE INDEX link_of_node_b ON link (node_b);
CREATE TABLE separation (
    id IDENTITY,
    node_a BIGINT NOT NULL,
    node_b BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX separation_of_node_a ON separation (node_a);
CREATE INDEX separation_of_node_b ON separation (node_b);
CREATE TABLE membership (
    id IDENTITY,
    person_node BIGINT NOT NULL,
    organisation_node BIGINT NOT NULL,
    role TEXT,
    title TEXT,
    is_decision_maker BIGINT NOT NULL,
    valid_from BIGINT,
    valid_to BIGINT,
    source_id BIGINT NOT NULL
);
CREATE INDEX membership_of_person ON membership (person_node);
CREATE INDEX membership_of_organisation ON membership (organisation_node);
CREATE TABLE consent (
    id IDENTITY,
    identifier_id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    proof TEXT,
    source_id BIGINT NOT NULL
);
CREATE INDEX consent_of_identifier ON consent (identifier_id);
