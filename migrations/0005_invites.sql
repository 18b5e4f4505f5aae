-- The open invite of a member, removed with the status `invited`. `token_hash` is the SHA-256 of what the link holds: a stolen backup
-- lets nobody in. `invited_by` is the sender's name, `invited_by_id` the sender; NULL is the operator. An invite is revoked when its
-- sender loses the role.
CREATE TABLE invites (
    team_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    invited_by TEXT NOT NULL,
    invited_by_id TEXT,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, member_id),
    FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id) ON DELETE CASCADE
);
CREATE INDEX invites_token ON invites (token_hash);
