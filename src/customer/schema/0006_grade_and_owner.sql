ALTER TABLE customer ADD COLUMN grade TEXT;
ALTER TABLE customer ADD COLUMN owner TEXT;
ALTER TABLE customer DROP COLUMN owner_id;
SQLITE DROP INDEX customer_to_filter;
SQLITE CREATE INDEX customer_to_filter ON customer (id, state, kind, city, company, province, country, gender, industry, title, email, phone, grade, owner);
