CREATE TABLE identity_touched (
    id IDENTITY,
    nodes TEXT NOT NULL,
    identifiers TEXT NOT NULL,
    customers TEXT NOT NULL
);
