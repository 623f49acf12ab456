CREATE TABLE activity_sweep (
    id BIGINT PRIMARY KEY,
    goal BIGINT NOT NULL,
    swept_to BIGINT NOT NULL
);
