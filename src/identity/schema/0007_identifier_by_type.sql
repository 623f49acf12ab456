CREATE INDEX identifier_by_type ON identifier (type);
