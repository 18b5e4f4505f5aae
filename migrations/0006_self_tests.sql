-- What self-tests make is told from the rest by its kind, never by its name.

-- 'provider': an identity provider's. 'self_test': Rollcall's own, for minutes; not listed, and not counted.
ALTER TABLE scim_keys ADD COLUMN purpose TEXT NOT NULL DEFAULT 'provider';
CREATE INDEX scim_keys_self_test ON scim_keys (team_id, id) WHERE purpose = 'self_test' AND revoked_at IS NULL;
-- Of those from before only the ones that ended: a name alone does not take away a key that somebody may use.
UPDATE scim_keys SET purpose = 'self_test' WHERE name LIKE 'Self-test ________' AND lifetime_days = 90 AND revoked_at IS NOT NULL;

-- Who sent a request. 'provider': whoever has the key. 'self_test': Rollcall itself. 'unproven': somebody who named a key
-- without having it.
ALTER TABLE scim_requests ADD COLUMN origin TEXT NOT NULL DEFAULT 'provider';
UPDATE scim_requests SET origin = 'self_test' WHERE key_id IN (SELECT id FROM scim_keys WHERE purpose = 'self_test');
UPDATE scim_requests SET origin = 'unproven' WHERE status = 401 AND detail = 'The key''s id is one of this team, but its secret is wrong';

-- How many requests of a connection failed, one after the other up to the last, and since when.
ALTER TABLE scim_connections ADD COLUMN failing_since BIGINT;
ALTER TABLE scim_connections ADD COLUMN failed_in_row BIGINT NOT NULL DEFAULT 0;
ALTER TABLE scim_connections ADD COLUMN detail TEXT;

-- Who turned SCIM provisioning on, and when: a few entries among any number.
CREATE INDEX activity_scim_on ON activity (team_id, id) WHERE what = 'scim_turned_on';
