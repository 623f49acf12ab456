CREATE TABLE identity_decision (
    id IDENTITY,
    kind TEXT NOT NULL,
    customer_id BIGINT NOT NULL,
    other_id BIGINT,
    edits TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    undone_by TEXT,
    undone_at BIGINT
);
ALTER TABLE link ADD COLUMN by_hand BIGINT;
ALTER TABLE link ADD COLUMN decision_id BIGINT;
ALTER TABLE link ADD COLUMN ended_in BIGINT;
CREATE INDEX link_by_hand_of_node_a ON link (by_hand, node_a) WHERE by_hand IS NOT NULL;
CREATE INDEX link_by_hand_of_node_b ON link (by_hand, node_b) WHERE by_hand IS NOT NULL;
CREATE INDEX link_of_decision ON link (decision_id) WHERE decision_id IS NOT NULL;
CREATE INDEX link_ended_in ON link (ended_in) WHERE ended_in IS NOT NULL;
ALTER TABLE separation ADD COLUMN decision_id BIGINT;
ALTER TABLE separation ADD COLUMN ended_by TEXT;
ALTER TABLE separation ADD COLUMN ended_in BIGINT;
CREATE INDEX separation_of_decision ON separation (decision_id);
CREATE INDEX separation_ended_in ON separation (ended_in);
CREATE TABLE separation_node (
    node_id BIGINT NOT NULL,
    separation_id BIGINT NOT NULL,
    side BIGINT NOT NULL,
    PRIMARY KEY (node_id, separation_id)
) WITHOUT ROWID;
CREATE INDEX separation_node_of_separation ON separation_node (separation_id);
