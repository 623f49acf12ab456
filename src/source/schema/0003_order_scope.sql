ALTER TABLE source ADD COLUMN order_scope TEXT;
