-- A browser session, which may be signed in to several teams and so belongs to none. `token_hash` is the SHA-256 of what the cookie
-- holds: a stolen backup holds no session. A renewal replaces it, and `previous_token_hash` finds the session for requests that were
-- under way. `id` is the first token's hash; it never changes.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL,
    previous_token_hash TEXT,
    renewed_at BIGINT,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    CHECK ((previous_token_hash IS NULL) = (renewed_at IS NULL))
);
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_previous ON sessions (previous_token_hash) WHERE previous_token_hash IS NOT NULL;
CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);
CREATE INDEX sessions_by_creation ON sessions (created_at);

-- One member per session and team. `verified_at`: when the person last proved who they are. `browser` is a short label such as
-- "Firefox on Windows".
CREATE TABLE sign_ins (
    team_id TEXT NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    member_id TEXT NOT NULL,
    signed_in_at BIGINT NOT NULL,
    verified_at BIGINT NOT NULL,
    browser TEXT,
    address TEXT,
    PRIMARY KEY (team_id, session_id),
    FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id) ON DELETE CASCADE
);
CREATE INDEX sign_ins_session ON sign_ins (session_id);
CREATE INDEX sign_ins_member ON sign_ins (team_id, member_id);

-- Failed sign-ins by person, browser and address, before a team is known.
CREATE TABLE throttle (
    throttle_key TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    blocked_until BIGINT
);
CREATE INDEX throttle_by_time ON throttle (last_at);
