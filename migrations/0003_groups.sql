-- `role` is given to every member of the group. After another role was mapped, `members.group_roles` is right for the members up to
-- `recount_after`; NULL means for all. `recount_at` is the time of the last batch.
CREATE TABLE groups (
    team_id TEXT NOT NULL REFERENCES teams (id),
    id TEXT NOT NULL,
    display_name TEXT NOT NULL,
    display_name_key TEXT NOT NULL,
    external_id TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    role TEXT CHECK (role = 'admin' OR role = 'billing' OR role = 'developer'),
    member_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    recount_after TEXT,
    recount_at BIGINT,
    PRIMARY KEY (team_id, id),
    CHECK ((recount_after IS NULL) = (recount_at IS NULL))
);
-- A name has up to 1,024 characters of up to four bytes, and an index row of PostgreSQL at most 2,704 bytes. So the indexes hold the
-- first 512 characters: statements compare those first, and lists are sorted by them.
CREATE INDEX groups_by_name ON groups (team_id, (substr(display_name_key, 1, 512)), id);
CREATE INDEX groups_by_size ON groups (team_id, member_count DESC, (substr(display_name_key, 1, 512)), id);
CREATE INDEX groups_external_id ON groups (team_id, external_id, id);
CREATE INDEX groups_modified ON groups (team_id, updated_at);
CREATE INDEX groups_recount ON groups (team_id, id) WHERE recount_after IS NOT NULL;

CREATE TABLE group_members (
    team_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    PRIMARY KEY (team_id, group_id, member_id),
    FOREIGN KEY (team_id, group_id) REFERENCES groups (team_id, id) ON DELETE CASCADE,
    FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id) ON DELETE CASCADE
);
CREATE INDEX group_members_member ON group_members (team_id, member_id, group_id);
