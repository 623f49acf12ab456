SQLITE DROP INDEX customer_to_filter;
SQLITE CREATE INDEX customer_to_filter ON customer (id, state, kind, city, company, province, country, gender, industry, title, email, phone);
