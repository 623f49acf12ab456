SQLITE DROP INDEX customer_to_filter;
ALTER TABLE customer ADD COLUMN identifier_types TEXT NOT NULL DEFAULT '';
SQLITE UPDATE customer SET identifier_types = ' ' || (SELECT group_concat(type, ' ') FROM (SELECT DISTINCT i.type AS type FROM node n JOIN claim c ON c.node_id = n.id JOIN identifier i ON i.id = c.identifier_id WHERE n.customer_id = customer.id ORDER BY i.type)) || ' '
WHERE id IN (SELECT n.customer_id FROM node n WHERE n.identifier_types <> '');
POSTGRES UPDATE customer SET identifier_types = ' ' || (SELECT string_agg(DISTINCT i.type COLLATE "C", ' ' ORDER BY i.type COLLATE "C") FROM node n JOIN claim c ON c.node_id = n.id JOIN identifier i ON i.id = c.identifier_id WHERE n.customer_id = customer.id) || ' '
WHERE id IN (SELECT n.customer_id FROM node n WHERE n.identifier_types <> '');
SQLITE CREATE INDEX customer_to_filter ON customer (id, state, kind, identifier_types, city, company, province, country, gender, industry, title, email, phone, grade, owner);
