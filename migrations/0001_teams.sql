-- The schema of SQLite and of PostgreSQL's family alike. docs/decisions/schema.md has the rules; in short:
--   * TEXT and BIGINT only. Times are milliseconds since the Unix epoch, flags are 0 or 1, ids are UUIDs of version 7 as text.
--   * A column that ends in `_key` is the case-folded form of its neighbour. It is compared and sorted by.
--   * A CHECK of three names or more is written with OR, because SQLite builds a temporary table for a longer IN at each INSERT.
--   * `team_id` leads every primary key, unique index and foreign key of what belongs to a team.
--   * Only this baseline has several statements per file. Each later migration has one DDL statement.

-- Every change to a team updates `revision` first. The row lock orders the changes of a team.
-- The same transactions keep the counts, so that no page counts rows. `stored_bytes` is the size of the members' documents
-- (those of tombstones included) and 100 per membership of a group.
-- A deleted team cannot be found, and its slug is free. Then its rows are removed in batches; `removal_at` is the time of the last
-- batch, by which a server recognises an interrupted removal.
CREATE TABLE teams (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    plan TEXT NOT NULL CHECK (plan = 'free' OR plan = 'basic' OR plan = 'professional' OR plan = 'enterprise'),
    scim_on BIGINT NOT NULL DEFAULT 0 CHECK (scim_on IN (0, 1)),
    revision BIGINT NOT NULL DEFAULT 0,
    member_count BIGINT NOT NULL DEFAULT 0,
    group_count BIGINT NOT NULL DEFAULT 0,
    stored_bytes BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    removal_at BIGINT,
    CHECK ((deleted_at IS NULL) = (removal_at IS NULL))
);
CREATE UNIQUE INDEX teams_slug ON teams (slug);
CREATE INDEX teams_deleted ON teams (id) WHERE deleted_at IS NOT NULL;
