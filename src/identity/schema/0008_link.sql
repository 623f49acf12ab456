DROP INDEX link_of_node_b;
CREATE INDEX link_of_decision_of_node_b ON link (node_b) WHERE decision_id IS NOT NULL;
