DROP TABLE timeline_event;
CREATE TABLE timeline_origin (
    id BIGINT PRIMARY KEY,
    origin TEXT NOT NULL
);
