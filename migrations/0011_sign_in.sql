-- Signing in with a password, and what the log says of it.

-- Who can sign in with an address: members without a password are not compared, however many have the address.
CREATE INDEX members_sign_in ON members (email_key, team_id, id) WHERE password_hash IS NOT NULL AND status = 'active';

-- The id that a session had before its last renewal, as a hash, and when that was: a request that was under way with the old id
-- finds the session that took its place. `first_hash` is the hash of its first id, which names the session as long as it lasts.
ALTER TABLE sessions ADD COLUMN previous_hash TEXT;
ALTER TABLE sessions ADD COLUMN renewed_at BIGINT;
ALTER TABLE sessions ADD COLUMN first_hash TEXT;
CREATE INDEX sessions_previous ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;

-- What was refused: little among any number of changes by identity providers.
DROP INDEX activity_refused;
CREATE INDEX activity_refused ON activity (team_id, id)
    WHERE what IN ('member_protected', 'sign_in_failed', 'step_up_failed');
