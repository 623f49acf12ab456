ALTER TABLE membership ADD COLUMN said_at BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX membership_once ON membership (person_node, organisation_node);
DROP INDEX membership_of_person;
