-- One schema for SQLite and PostgreSQL: TEXT and BIGINT only. Times are milliseconds since the Unix epoch, yes and no
-- are 1 and 0, ids are UUIDs of version 7 as text (they sort by time). A column whose name ends in `_key` holds the
-- case-folded form of its neighbour, for comparing and sorting.

CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- `revision` is moved by every change to a team, first of all: that one row makes changes wait for each other.
-- The counts are kept by the same transactions, so that no page has to count.
CREATE TABLE teams (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    plan TEXT NOT NULL,
    scim_on BIGINT NOT NULL DEFAULT 0,
    revision BIGINT NOT NULL DEFAULT 0,
    member_count BIGINT NOT NULL DEFAULT 0,
    group_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX teams_slug ON teams (slug);

-- A person in one team. `status`: active, invited, deactivated, deleted (a tombstone, so that the id can come back).
-- `source`: manual, invited, directory. `roles` is given by hand, `group_roles` by groups; both are bit sets.
-- `document` is the SCIM User as JSON, as far as clients write it (all but `active`); the columns beside it repeat what
-- is looked for. `active_said` is 0 after a client removed `active`, which then is not given back. `version` counts the changes that clients of the SCIM API can see.
CREATE TABLE members (
    id TEXT NOT NULL PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    user_name TEXT NOT NULL,
    user_name_key TEXT NOT NULL,
    email TEXT,
    email_key TEXT,
    display_name TEXT NOT NULL,
    display_name_key TEXT NOT NULL,
    external_id TEXT,
    document TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    status TEXT NOT NULL,
    active_said BIGINT NOT NULL DEFAULT 1,
    source TEXT NOT NULL,
    roles BIGINT NOT NULL DEFAULT 0,
    group_roles BIGINT NOT NULL DEFAULT 0,
    break_glass BIGINT NOT NULL DEFAULT 0,
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX members_user_name ON members (team_id, user_name_key);
CREATE INDEX members_email ON members (email_key, team_id);
CREATE INDEX members_external_id ON members (team_id, external_id, id);
CREATE INDEX members_modified ON members (team_id, updated_at);
CREATE INDEX members_inactive ON members (team_id, id) WHERE status = 'deactivated';
CREATE INDEX members_by_name ON members (team_id, display_name_key, id) WHERE status <> 'deleted';
CREATE INDEX members_by_id ON members (team_id, id) WHERE status <> 'deleted';
-- Admins (4) and Super Admins (8): a handful among any number of members.
CREATE INDEX members_admins ON members (team_id) WHERE roles >= 4 OR group_roles >= 4;

-- The e-mail addresses of members beside the one to sign in with, for finding them.
CREATE TABLE member_emails (
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    email_key TEXT NOT NULL,
    PRIMARY KEY (member_id, email_key)
);
CREATE INDEX member_emails_email ON member_emails (email_key);

CREATE TABLE groups (
    id TEXT NOT NULL PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    display_name TEXT NOT NULL,
    display_name_key TEXT NOT NULL,
    external_id TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    role TEXT,
    member_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX groups_by_name ON groups (team_id, display_name_key, id);
CREATE INDEX groups_by_id ON groups (team_id, id);
CREATE INDEX groups_external_id ON groups (team_id, external_id, id);
CREATE INDEX groups_modified ON groups (team_id, updated_at);

CREATE TABLE group_members (
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, member_id)
);
CREATE INDEX group_members_member ON group_members (member_id);

-- `id_hash` is the SHA-256 of what the cookie holds: a stolen backup holds no session.
CREATE TABLE sessions (
    id_hash TEXT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);

-- One browser session may be signed in to several teams. `verified_at`: when the person last proved who they are.
CREATE TABLE sign_ins (
    session_hash TEXT NOT NULL REFERENCES sessions (id_hash) ON UPDATE CASCADE ON DELETE CASCADE,
    member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    signed_in_at BIGINT NOT NULL,
    verified_at BIGINT NOT NULL,
    PRIMARY KEY (session_hash, member_id)
);
CREATE INDEX sign_ins_member ON sign_ins (member_id);

-- Failed sign-ins, by person and by address.
CREATE TABLE throttle (
    throttle_key TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    blocked_until BIGINT
);

-- `client_secret` is sealed under the server secret, bound to this row's id.
CREATE TABLE sso_methods (
    id TEXT NOT NULL PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    provider TEXT NOT NULL,
    protocol TEXT NOT NULL,
    enabled BIGINT NOT NULL DEFAULT 0,
    configured BIGINT NOT NULL DEFAULT 0,
    entity_id TEXT,
    sign_in_url TEXT,
    certificate TEXT,
    certificate_expires BIGINT,
    issuer TEXT,
    client_id TEXT,
    client_secret TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sso_methods_name ON sso_methods (team_id, name_key);

-- `hash` is an HMAC under the server secret. `ceiling` is the highest role that the key may touch: its maker's.
-- `lifetime_days` is what was chosen when the key was made (none: for ever); `expires_at` also moves when the key is
-- rolled. `created_by_id` has no foreign key on purpose: keys outlive their makers.
CREATE TABLE scim_keys (
    id TEXT NOT NULL PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    hash TEXT NOT NULL,
    tail TEXT NOT NULL,
    ceiling TEXT NOT NULL,
    created_by_id TEXT,
    created_by_name TEXT,
    created_at BIGINT NOT NULL,
    lifetime_days BIGINT,
    expires_at BIGINT,
    revoked_at BIGINT,
    replaced_by TEXT,
    last_used_at BIGINT
);
CREATE INDEX scim_keys_team ON scim_keys (team_id);

-- The one log. `actor` and `body` are JSON; `what` is the change's stable name, for filters. `request_id`: the request of
-- an identity provider that made the change.
CREATE TABLE activity (
    id TEXT NOT NULL PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    address TEXT,
    what TEXT NOT NULL,
    body TEXT NOT NULL,
    request_id TEXT
);
CREATE INDEX activity_by_team ON activity (team_id, id);
CREATE INDEX activity_by_time ON activity (at);
-- What people did, and what was refused: little among any number of changes by identity providers.
CREATE INDEX activity_by_person ON activity (team_id, actor, id) WHERE substr(actor, 1, 11) <> '{"provider"';
CREATE INDEX activity_refused ON activity (team_id, id) WHERE what = 'member_protected';

-- The other half of the log: every request of an identity provider. `operation` is its stable name, such as
-- `user_create`; `target` the id of the resource; `micros` how long it took; `notes` what was normalised (a JSON list);
-- `request` and `answer` the bodies, without what is secret. `changed`: entries of the log say what it changed.
-- `key_id` is also that of a key that was refused.
CREATE TABLE scim_requests (
    id TEXT NOT NULL PRIMARY KEY,
    team_id TEXT NOT NULL REFERENCES teams (id),
    at BIGINT NOT NULL,
    key_id TEXT NOT NULL,
    key_name TEXT NOT NULL,
    address TEXT,
    user_agent TEXT,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    operation TEXT NOT NULL,
    target TEXT,
    target_name TEXT,
    status BIGINT NOT NULL,
    micros BIGINT NOT NULL,
    detail TEXT,
    notes TEXT,
    request TEXT,
    answer TEXT,
    changed BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX scim_requests_by_team ON scim_requests (team_id, id);
-- Failures that changed nothing (0: without an answer): few among any number of requests.
CREATE INDEX scim_requests_failed ON scim_requests (team_id, id)
    WHERE (status >= 400 OR status = 0) AND changed = 0;
CREATE INDEX scim_requests_by_time ON scim_requests (at);
