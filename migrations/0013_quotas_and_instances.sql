-- How much a team stores: the bytes of its members' documents (tombstones too), and 100 for each membership of a group. It is
-- kept by the transactions that change it, like the counts beside it.
ALTER TABLE teams ADD COLUMN stored_bytes BIGINT NOT NULL DEFAULT 0;
UPDATE teams SET stored_bytes =
    COALESCE((SELECT SUM(octet_length(m.document)) FROM members m WHERE m.team_id = teams.id), 0)
    + 100 * COALESCE((SELECT SUM(g.member_count) FROM groups g WHERE g.team_id = teams.id), 0);

-- The processes that serve this database now, so that they can share the rate limit of a SCIM API key. Only those on
-- PostgreSQL are here. `seen_at` is the database's time, because the clocks of several machines differ.
CREATE TABLE instances (
    id TEXT NOT NULL PRIMARY KEY,
    seen_at BIGINT NOT NULL
);
