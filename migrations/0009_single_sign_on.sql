-- How members sign in through an SSO method. `sign_in_binding` is how a SAML request is sent. `subject_attribute` is the SAML attribute
-- or claim that identifies a person; NULL is the NameID or `sub`. The first sign-in compares `link_claim` with the member's
-- `link_attribute`. `max_role` is the role of who configured the method last. `token_auth` is what the token endpoint accepted.
-- `signing_key` signs SAML requests: PKCS #8, sealed under the server secret. `metadata_url` is read again daily.
ALTER TABLE sso_methods ADD COLUMN sign_in_binding TEXT NOT NULL DEFAULT 'redirect'
    CHECK (sign_in_binding = 'redirect' OR sign_in_binding = 'post');
ALTER TABLE sso_methods ADD COLUMN metadata_url TEXT;
ALTER TABLE sso_methods ADD COLUMN subject_attribute TEXT;
ALTER TABLE sso_methods ADD COLUMN link_claim TEXT;
ALTER TABLE sso_methods ADD COLUMN link_attribute TEXT NOT NULL DEFAULT 'user_name'
    CHECK (link_attribute = 'user_name' OR link_attribute = 'external_id' OR link_attribute = 'email');
ALTER TABLE sso_methods ADD COLUMN trusts_email BIGINT NOT NULL DEFAULT 0 CHECK (trusts_email IN (0, 1));
ALTER TABLE sso_methods ADD COLUMN creates_members BIGINT NOT NULL DEFAULT 0 CHECK (creates_members IN (0, 1));
ALTER TABLE sso_methods ADD COLUMN max_role TEXT NOT NULL DEFAULT 'admin' CHECK (max_role IN ('super_admin', 'admin'));
ALTER TABLE sso_methods ADD COLUMN token_auth TEXT CHECK (token_auth IN ('client_secret_basic', 'client_secret_post'));
ALTER TABLE sso_methods ADD COLUMN signing_key TEXT;
ALTER TABLE sso_methods ADD COLUMN signing_certificate TEXT;

-- The address of a sign-in names the method by its id alone.
CREATE INDEX sso_methods_id ON sso_methods (id);

-- An account of an identity provider and the member whom it signs in. The subject is compared byte for byte.
CREATE TABLE sso_links (
    team_id TEXT NOT NULL,
    method_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    member_id TEXT NOT NULL,
    account TEXT,
    linked_at BIGINT NOT NULL,
    last_sign_in_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, method_id, subject),
    FOREIGN KEY (team_id, method_id) REFERENCES sso_methods (team_id, id) ON DELETE CASCADE,
    FOREIGN KEY (team_id, member_id) REFERENCES members (team_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX sso_links_member ON sso_links (team_id, member_id, method_id);
CREATE INDEX sso_links_last_sign_in ON sso_links (team_id, method_id, last_sign_in_at, member_id);

-- The responses of identity providers, each of which signs in once: a SAML assertion by its ID, an authorization response by its
-- state. A request has one response. `identity` is what a verified assertion contains, sealed under the server secret, until the browser comes back for it.
CREATE TABLE sso_responses (
    team_id TEXT NOT NULL,
    method_id TEXT NOT NULL,
    id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    identity TEXT,
    used_at BIGINT,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, method_id, id),
    FOREIGN KEY (team_id, method_id) REFERENCES sso_methods (team_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX sso_responses_request ON sso_responses (team_id, method_id, request_id);
CREATE INDEX sso_responses_by_expiry ON sso_responses (expires_at);

-- `ends_at`: the end that the identity provider set (SAML SessionNotOnOrAfter). `provider_session`: the session there (`sid`,
-- SessionIndex), which a logout may name. `id_token` is shown to the provider at sign-out, sealed under the server secret.
ALTER TABLE sign_ins ADD COLUMN ends_at BIGINT;
ALTER TABLE sign_ins ADD COLUMN method_id TEXT;
ALTER TABLE sign_ins ADD COLUMN provider_session TEXT;
ALTER TABLE sign_ins ADD COLUMN id_token TEXT;

-- Failed sign-ins through an SSO method are among what was rejected.
DROP INDEX activity_refused;
CREATE INDEX activity_refused ON activity (team_id, id)
    WHERE kind = 'member_protected' OR kind = 'sign_in_failed' OR kind = 'step_up_failed' OR kind = 'sso_sign_in_failed';
