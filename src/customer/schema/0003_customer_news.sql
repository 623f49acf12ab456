CREATE TABLE customer_news (
    id IDENTITY,
    customers TEXT NOT NULL
);
