CREATE TABLE review_evidence (
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    identifier_id BIGINT NOT NULL,
    doubt TEXT NOT NULL,
    PRIMARY KEY (low, high, identifier_id)
) WITHOUT ROWID;
CREATE INDEX review_evidence_of_identifier ON review_evidence (identifier_id);
CREATE INDEX review_evidence_of_high ON review_evidence (high);
CREATE TABLE review_pair (
    id IDENTITY,
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    state TEXT NOT NULL,
    weight BIGINT NOT NULL,
    doubts TEXT NOT NULL,
    evidence TEXT NOT NULL,
    version BIGINT NOT NULL,
    since BIGINT NOT NULL,
    until_at BIGINT,
    low_version BIGINT,
    high_version BIGINT,
    decided_by TEXT,
    decided_at BIGINT,
    decision_id BIGINT,
    UNIQUE (low, high)
);
CREATE INDEX review_pair_in_order ON review_pair (state, weight, id);
CREATE INDEX review_pair_of_high ON review_pair (high);
CREATE INDEX review_pair_decided ON review_pair (decided_at);
CREATE TABLE review_scan (
    id BIGINT PRIMARY KEY,
    position BIGINT NOT NULL,
    is_done BIGINT NOT NULL,
    policy_version BIGINT NOT NULL
);
INSERT INTO review_scan (id, position, is_done, policy_version) VALUES (1, 0, 0, 0);
