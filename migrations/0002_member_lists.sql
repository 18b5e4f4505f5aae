-- Lists of members: searched and filtered without reading the rows themselves (a member's document is long), sorted and
-- paged by an index.

ALTER TABLE members ADD COLUMN last_sign_in_at BIGINT;

DROP INDEX members_by_name;
CREATE INDEX members_by_name ON members (team_id, display_name_key, id, email_key, user_name_key, status, source, roles,
    group_roles) WHERE status <> 'deleted';
CREATE INDEX members_by_email ON members (team_id, (COALESCE(email_key, user_name_key)), id) WHERE status <> 'deleted';
