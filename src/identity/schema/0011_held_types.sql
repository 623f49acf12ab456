ALTER TABLE node ADD COLUMN identifier_types TEXT NOT NULL DEFAULT '';
SQLITE UPDATE node SET identifier_types = ' ' || (SELECT group_concat(type, ' ') FROM (SELECT DISTINCT i.type AS type FROM claim c JOIN identifier i ON i.id = c.identifier_id WHERE c.node_id = node.id ORDER BY i.type)) || ' '
WHERE id IN (SELECT node_id FROM claim);
POSTGRES UPDATE node SET identifier_types = ' ' || (SELECT string_agg(DISTINCT i.type COLLATE "C", ' ' ORDER BY i.type COLLATE "C") FROM claim c JOIN identifier i ON i.id = c.identifier_id WHERE c.node_id = node.id) || ' '
WHERE id IN (SELECT node_id FROM claim);
