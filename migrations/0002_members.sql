-- A person in one team. A deleted member is a tombstone, so that the id can come back.
-- `roles` is assigned by hand, `group_roles` comes from groups. Both are bit sets: 128 Super Admin, 32 Admin, 8 Billing, 2 Developer.
-- The other bits are free for roles between these, so that a new role changes neither this table nor what it holds.
-- `removed_roles` holds the roles assigned by hand until a removal, where they were others than Developer.
-- `document` is the SCIM User as JSON without `active`; the columns beside it repeat what queries need. It is the last column,
-- because SQLite reads a row from its start.
-- `active_present` is 0 after a client removed `active`. `version` counts the changes that SCIM clients can see.
-- `renamed_at`: the last change of the userName. `user_name_freed`: the userName of a removed member is free for others.
-- Until `adoption_allowed_until` an identity provider may adopt this Admin or Super Admin by email address.
CREATE TABLE members (
    team_id TEXT NOT NULL REFERENCES teams (id),
    id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    user_name_key TEXT NOT NULL,
    email TEXT,
    email_key TEXT,
    display_name TEXT NOT NULL,
    display_name_key TEXT NOT NULL,
    external_id TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    status TEXT NOT NULL CHECK (status = 'active' OR status = 'invited' OR status = 'deactivated' OR status = 'deleted'),
    active_present BIGINT NOT NULL DEFAULT 1 CHECK (active_present IN (0, 1)),
    source TEXT NOT NULL CHECK (source = 'manual' OR source = 'invited' OR source = 'directory'),
    roles BIGINT NOT NULL DEFAULT 0 CHECK (roles BETWEEN 0 AND 255),
    group_roles BIGINT NOT NULL DEFAULT 0 CHECK (group_roles BETWEEN 0 AND 255),
    removed_roles BIGINT CHECK (removed_roles BETWEEN 0 AND 255),
    break_glass BIGINT NOT NULL DEFAULT 0 CHECK (break_glass IN (0, 1)),
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_sign_in_at BIGINT,
    renamed_at BIGINT,
    user_name_freed BIGINT NOT NULL DEFAULT 0 CHECK (user_name_freed IN (0, 1)),
    adoption_allowed_until BIGINT,
    document TEXT NOT NULL,
    PRIMARY KEY (team_id, id),
    CHECK ((email IS NULL) = (email_key IS NULL))
);
CREATE UNIQUE INDEX members_user_name ON members (team_id, user_name_key);
CREATE INDEX members_email ON members (team_id, email_key);
CREATE INDEX members_external_id ON members (team_id, external_id, id);
CREATE INDEX members_modified ON members (team_id, updated_at);

-- Sign-in looks in all teams: see docs/decisions/schema.md. Members without a password are not compared.
CREATE INDEX members_sign_in ON members (email_key, team_id, id) WHERE password_hash IS NOT NULL AND status = 'active';

-- The orders of the member list, each continued from any member. The first holds all columns that a search reads.
-- Role: the most powerful first. Last sign-in: the latest first, never last. Both are one text, which both engines compare alike.
CREATE INDEX members_by_newest ON members (team_id, id) WHERE status <> 'deleted';
CREATE INDEX members_by_name ON members (team_id, display_name_key, id, email_key, user_name_key, status, source, roles,
    group_roles) WHERE status <> 'deleted';
CREATE INDEX members_by_email ON members (team_id, (COALESCE(email_key, user_name_key)), id) WHERE status <> 'deleted';
CREATE INDEX members_by_role ON members (team_id, (CAST(999 - (roles | group_roles) AS TEXT) || display_name_key), id)
    WHERE status <> 'deleted';
CREATE INDEX members_by_status ON members (team_id, (status || display_name_key), id) WHERE status <> 'deleted';
CREATE INDEX members_by_last_sign_in ON members (team_id,
    (COALESCE(CAST(9999999999999 - last_sign_in_at AS TEXT), 'x') || display_name_key), id) WHERE status <> 'deleted';

-- Members of a kind that may be rare among any number of others.
CREATE INDEX members_by_state ON members (team_id, status, source, id) WHERE status <> 'deleted';
CREATE INDEX members_inactive ON members (team_id, id) WHERE status = 'deactivated';
CREATE INDEX members_without_active ON members (team_id, id) WHERE active_present = 0;
CREATE INDEX members_admins ON members (team_id, id) WHERE roles >= 32 OR group_roles >= 32;
CREATE INDEX members_above_developer ON members (team_id, id) WHERE (roles | group_roles) > 2;
CREATE INDEX members_break_glass ON members (team_id, id) WHERE break_glass = 1;
CREATE INDEX members_tombstones ON members (team_id, updated_at) WHERE status = 'deleted';
CREATE INDEX members_signed_in ON members (last_sign_in_at) WHERE last_sign_in_at IS NOT NULL;

-- The email addresses of members beside the one to sign in with, for filters.
CREATE TABLE member_emails (
    team_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    email_key TEXT NOT NULL,
    PRIMARY KEY (team_id, member_id, email_key),
    FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id) ON DELETE CASCADE
);
CREATE INDEX member_emails_email ON member_emails (team_id, email_key);
