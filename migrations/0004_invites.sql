-- Invites that wait to be accepted: one a member at most, gone with the status `invited`. `token_hash` is the SHA-256 of
-- what the link holds: a stolen backup lets nobody in. `invited_by` is a name, for the page.

CREATE TABLE invites (
    member_id TEXT NOT NULL PRIMARY KEY REFERENCES members (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL,
    invited_by TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX invites_token ON invites (token_hash);

-- The ways in for emergencies: a handful among any number of members.
CREATE INDEX members_break_glass ON members (team_id) WHERE break_glass = 1;
