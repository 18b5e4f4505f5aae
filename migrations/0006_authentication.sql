-- `client_secret` is sealed under the server secret, bound to this row's id.
CREATE TABLE sso_methods (
    team_id TEXT NOT NULL REFERENCES teams (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    provider TEXT NOT NULL CHECK (provider = 'okta' OR provider = 'entra' OR provider = 'adfs' OR provider = 'google' OR
        provider = 'onelogin' OR provider = 'ping' OR provider = 'duo' OR provider = 'jumpcloud' OR provider = 'custom_saml' OR
        provider = 'custom_oidc'),
    protocol TEXT NOT NULL CHECK (protocol IN ('saml', 'oidc')),
    enabled BIGINT NOT NULL DEFAULT 0 CHECK (enabled IN (0, 1)),
    configured BIGINT NOT NULL DEFAULT 0 CHECK (configured IN (0, 1)),
    entity_id TEXT,
    sign_in_url TEXT,
    certificate TEXT,
    certificate_expires BIGINT,
    issuer TEXT,
    client_id TEXT,
    client_secret TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, id),
    CHECK (configured = 0
        OR (protocol = 'saml' AND entity_id IS NOT NULL AND sign_in_url IS NOT NULL AND certificate IS NOT NULL
            AND certificate_expires IS NOT NULL)
        OR (protocol = 'oidc' AND issuer IS NOT NULL AND client_id IS NOT NULL))
);
CREATE UNIQUE INDEX sso_methods_name ON sso_methods (team_id, name_key);

-- `hash` is an HMAC under the server secret. `max_role` is the highest role that the key may change: its creator's.
-- `lifetime_days` was chosen when the key was generated; NULL means that it does not expire by itself. Rolling the key moves `expires_at`.
-- `created_by_id` has no foreign key, because keys outlive their creators. Self-test keys exist for minutes and are not listed.
CREATE TABLE scim_keys (
    team_id TEXT NOT NULL REFERENCES teams (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    hash TEXT NOT NULL,
    tail TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('provider', 'self_test')),
    max_role TEXT NOT NULL CHECK (max_role IN ('super_admin', 'admin')),
    created_by_id TEXT,
    created_by_name TEXT,
    created_at BIGINT NOT NULL,
    lifetime_days BIGINT CHECK (lifetime_days > 0),
    expires_at BIGINT,
    revoked_at BIGINT,
    replaced_by TEXT,
    last_used_at BIGINT,
    PRIMARY KEY (team_id, id)
);
-- A request names a key by its id alone.
CREATE INDEX scim_keys_id ON scim_keys (id);
CREATE INDEX scim_keys_self_test ON scim_keys (team_id, id) WHERE purpose = 'self_test' AND revoked_at IS NULL;
