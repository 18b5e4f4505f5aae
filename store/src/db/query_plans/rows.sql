-- A team with 10,000 members (`t`) among three with 2,000 each, and what such teams have. Statistics are taken by the test alone.
ALTER TABLE members SET (autovacuum_enabled = false);
ALTER TABLE member_emails SET (autovacuum_enabled = false);
ALTER TABLE groups SET (autovacuum_enabled = false);
ALTER TABLE group_members SET (autovacuum_enabled = false);
ALTER TABLE sessions SET (autovacuum_enabled = false);
ALTER TABLE sign_ins SET (autovacuum_enabled = false);
ALTER TABLE invites SET (autovacuum_enabled = false);
ALTER TABLE scim_keys SET (autovacuum_enabled = false);
ALTER TABLE sso_methods SET (autovacuum_enabled = false);
ALTER TABLE sso_links SET (autovacuum_enabled = false);
ALTER TABLE activity SET (autovacuum_enabled = false);
ALTER TABLE scim_requests SET (autovacuum_enabled = false);
ALTER TABLE scim_hours SET (autovacuum_enabled = false);
ALTER TABLE teams SET (autovacuum_enabled = false);
ALTER TABLE throttle SET (autovacuum_enabled = false);

INSERT INTO teams (id, slug, name, plan, member_count, created_at)
    SELECT CASE n WHEN 0 THEN 't' ELSE 't' || n END, 't' || n, 'Team', 'enterprise', CASE n WHEN 0 THEN 10000 ELSE 2000 END, n
    FROM generate_series(0, 3) n;

CREATE TEMP TABLE people AS SELECT t.id AS team_id, lpad(n::text, 8, '0') AS id, n, t.created_at AS team
    FROM teams t, generate_series(1, 10000) n WHERE n <= t.member_count;

INSERT INTO members (team_id, id, user_name, user_name_key, email, email_key, display_name, display_name_key, external_id, status,
        source, roles, break_glass, password_hash, created_at, updated_at, last_sign_in_at, document)
    SELECT team_id, id, 'user' || n, 'user' || n, 'user' || n || '@' || team, 'user' || n || '@' || team, 'Name ' || n, 'name ' || n,
        'e' || n, (ARRAY['active', 'invited', 'deactivated', 'deleted'])[CASE WHEN n % 50 < 3 THEN n % 50 + 2 ELSE 1 END],
        (ARRAY['directory', 'manual', 'invited'])[CASE WHEN n % 40 < 2 THEN n % 40 + 2 ELSE 1 END],
        CASE WHEN n < 4 THEN 8 WHEN n % 500 = 5 THEN 2 ELSE 1 END, CASE WHEN n < 3 THEN 1 ELSE 0 END,
        CASE WHEN n % 10 = 1 THEN 'hash' END, n, n, CASE WHEN n % 2 = 0 THEN n END, repeat('{"userName":"user"}', 20)
    FROM people;
INSERT INTO member_emails (team_id, member_id, email_key) SELECT team_id, id, 'other' || n || '@' || team FROM people WHERE n % 2 = 0;

INSERT INTO groups (team_id, id, display_name, display_name_key, external_id, role, member_count, created_at, updated_at)
    SELECT team_id, 'g' || n, 'Group ' || n, 'group ' || n, 'e' || n, CASE WHEN n < 3 THEN 'developer' END, 20, n, n
    FROM people WHERE n <= CASE WHEN team_id = 't' THEN 1000 ELSE 200 END;
INSERT INTO group_members (team_id, group_id, member_id)
    SELECT team_id, 'g1', id FROM people WHERE n % 10 < 8
    UNION ALL SELECT team_id, 'g' || (2 + n % CASE WHEN team_id = 't' THEN 900 ELSE 180 END), id FROM people;

INSERT INTO sessions (id, token_hash, created_at, last_seen_at) SELECT 's' || n, 'h' || n, n, n FROM generate_series(1, 10000) n;
INSERT INTO sign_ins (team_id, session_id, member_id, signed_in_at, verified_at)
    SELECT team_id, 's' || n, id, n, n FROM people WHERE n <= 5000;
INSERT INTO invites (team_id, member_id, token_hash, invited_by, invited_by_id, sent_at, expires_at)
    SELECT team_id, id, 'h' || team || id, 'Ada', '00000001', n, n FROM people WHERE n % 50 = 0;
INSERT INTO scim_keys (team_id, id, name, name_key, hash, tail, purpose, max_role, created_at)
    SELECT team_id, 'k' || team || n, 'Key', 'key', 'h', 'x', CASE WHEN n = 1 THEN 'self_test' ELSE 'provider' END, 'admin', n
    FROM people WHERE n <= 20;

INSERT INTO sso_methods (team_id, id, name, name_key, provider, protocol, created_at, updated_at)
    SELECT team_id, 'm' || team || n, 'Method ' || n, 'method ' || n, 'okta', 'oidc', n, n FROM people WHERE n <= 20;
INSERT INTO sso_links (team_id, method_id, subject, member_id, linked_at, last_sign_in_at)
    SELECT team_id, 'm' || team || (1 + n % 20), 'subject' || n, id, n, n FROM people;

INSERT INTO activity (team_id, id, at, actor, kind, body, member_id, search)
    SELECT team_id, id, n, CASE WHEN n % 3 = 0 THEN '{"provider":"k"}' ELSE '{"member":"' || n % 20 || '"}' END,
        CASE WHEN n % 100 = 0 THEN 'sign_in_failed' ELSE 'member_added' END, repeat('{"name":"x"}', 10), id, 'name ' || n
    FROM people;
INSERT INTO scim_requests (team_id, id, at, key_id, key_name, method, path, operation, target, status, micros, changed, origin, search)
    SELECT team_id, id, n, 'k' || team || '1', 'Key', 'GET', '/Users', 'user_get', id,
        CASE WHEN n % 100 = 0 THEN 404 ELSE 200 END, 1, CASE WHEN n % 2 = 0 THEN 1 ELSE 0 END, 'provider', repeat('x', 100)
    FROM people;
INSERT INTO scim_hours (team_id, hour, requests, failures) SELECT team_id, n, 1, 0 FROM people WHERE n <= 700;
INSERT INTO throttle (throttle_key, failures, last_at) SELECT 'k' || n, 1, n FROM generate_series(1, 10000) n;
DROP TABLE people;
