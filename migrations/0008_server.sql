-- Settings of the database itself.
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- The processes that serve a PostgreSQL database now, which share the rate limits of SCIM API keys. `seen_at` is the database's time,
-- because the clocks of several machines differ.
CREATE TABLE instances (
    id TEXT NOT NULL PRIMARY KEY,
    seen_at BIGINT NOT NULL
);
