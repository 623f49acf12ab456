-- That a claim is repeated is no news of it: when its node was last seen is in node_activity (docs/adr/0039).
ALTER TABLE claim DROP COLUMN last_at;
