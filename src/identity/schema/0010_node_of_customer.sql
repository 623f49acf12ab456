DROP INDEX node_of_customer;
CREATE INDEX node_of_customer ON node (customer_id, source_id);
