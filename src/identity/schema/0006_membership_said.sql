ALTER TABLE membership ADD COLUMN stated_from BIGINT;
ALTER TABLE membership ADD COLUMN title_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE membership ADD COLUMN decision_maker_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE membership ADD COLUMN stated_from_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE membership ADD COLUMN valid_to_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE membership ADD COLUMN is_removed BIGINT NOT NULL DEFAULT 0;
DROP INDEX membership_once;
CREATE UNIQUE INDEX membership_once ON membership (person_node, organisation_node, source_id);
