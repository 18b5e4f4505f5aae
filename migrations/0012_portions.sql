-- Work that is done a portion at a time, so that nobody waits long for it, and that somebody else can finish.

-- A deleted team is not there for anybody, and its slug is free; then its rows go. `removal_at`: when the last portion went, so
-- that a server notices that nobody removes the rest.
ALTER TABLE teams ADD COLUMN deleted_at BIGINT;
ALTER TABLE teams ADD COLUMN removal_at BIGINT;
CREATE INDEX teams_deleted ON teams (id) WHERE deleted_at IS NOT NULL;

-- A group that was mapped to another role: `members.group_roles` is right for its members up to this id. None: for all of them.
ALTER TABLE groups ADD COLUMN recount_after TEXT;
ALTER TABLE groups ADD COLUMN recount_at BIGINT;
CREATE INDEX groups_recount ON groups (id) WHERE recount_after IS NOT NULL;

-- What is over is found without reading the rest.
CREATE INDEX throttle_by_time ON throttle (last_at);
CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);
CREATE INDEX sessions_by_creation ON sessions (created_at);
CREATE INDEX members_tombstones ON members (team_id, updated_at) WHERE status = 'deleted';
CREATE INDEX members_signed_in ON members (last_sign_in_at) WHERE last_sign_in_at IS NOT NULL;
