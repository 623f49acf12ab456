DROP INDEX customer_by_name;
CREATE INDEX customer_by_name ON customer (name, id, state);
CREATE INDEX customer_activity_by_first_seen ON customer_activity (first_seen_at, customer_id);
CREATE INDEX customer_activity_by_last_purchase ON customer_activity (last_purchase_at, customer_id);
CREATE INDEX customer_activity_by_orders ON customer_activity (order_count, customer_id);
CREATE INDEX customer_activity_by_tickets ON customer_activity (ticket_count, customer_id);
SQLITE CREATE INDEX customer_to_filter ON customer (city, state, kind, company, province, country, gender, industry, title, email, phone);
