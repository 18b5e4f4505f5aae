-- The changes to a team. `actor` and `body` are JSON. `kind` is the change's stable name and `member_id` the member it is about, for
-- filters; `search` is the text in lower case without accents. `request_id` is the SCIM request that made the change.
-- `kind` has no CHECK, because a newer server beside this one may write names that are not known here.
CREATE TABLE activity (
    team_id TEXT NOT NULL REFERENCES teams (id),
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    address TEXT,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    request_id TEXT,
    member_id TEXT,
    search TEXT,
    PRIMARY KEY (team_id, id)
);
CREATE INDEX activity_by_time ON activity (at);
CREATE INDEX activity_by_member ON activity (team_id, member_id, id) WHERE member_id IS NOT NULL;
-- Few among any number of changes by identity providers: what people did, what was rejected, who turned provisioning on.
CREATE INDEX activity_by_person ON activity (team_id, actor, id) WHERE substr(actor, 1, 11) <> '{"provider"';
CREATE INDEX activity_refused ON activity (team_id, id)
    WHERE kind = 'member_protected' OR kind = 'sign_in_failed' OR kind = 'step_up_failed';
CREATE INDEX activity_scim_on ON activity (team_id, id) WHERE kind = 'scim_turned_on';

-- The requests to a team's SCIM API. `target` is the id of the resource. `notes` is a JSON list of what was normalised. The bodies are
-- stored without secrets. `changed`: activity says what the request changed. `key_id` may be that of a rejected key. `status` 0: no
-- response was sent.
-- `origin`: 'provider' proved to have the key, 'self_test' is Rollcall itself, 'unproven' named a key without having it.
-- `operation` has no CHECK, for the same reason as `kind`.
CREATE TABLE scim_requests (
    team_id TEXT NOT NULL REFERENCES teams (id),
    id TEXT NOT NULL,
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
    status BIGINT NOT NULL CHECK (status = 0 OR status BETWEEN 100 AND 599),
    micros BIGINT NOT NULL,
    changed BIGINT NOT NULL DEFAULT 0 CHECK (changed IN (0, 1)),
    origin TEXT NOT NULL CHECK (origin = 'provider' OR origin = 'self_test' OR origin = 'unproven'),
    detail TEXT,
    search TEXT,
    notes TEXT,
    request TEXT,
    response TEXT,
    PRIMARY KEY (team_id, id)
);
CREATE INDEX scim_requests_by_time ON scim_requests (at);
-- Failures that changed nothing: few among any number of requests. A Bulk whose operations failed has a detail.
CREATE INDEX scim_requests_failed ON scim_requests (team_id, id)
    WHERE (status >= 400 OR status = 0 OR detail IS NOT NULL) AND changed = 0;
CREATE INDEX scim_requests_by_target ON scim_requests (team_id, target, id) WHERE target IS NOT NULL AND changed = 0;

-- The last request of a team's identity provider, and how many requests failed in a row until then. Self-tests and unproven requests
-- do not count. `client` is the stable name of the recognised product. `first_member` is the first member that it created.
CREATE TABLE scim_connections (
    team_id TEXT NOT NULL PRIMARY KEY REFERENCES teams (id),
    request_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    key_id TEXT NOT NULL,
    key_name TEXT NOT NULL,
    client TEXT NOT NULL,
    user_agent TEXT,
    operation TEXT NOT NULL,
    target_name TEXT,
    status BIGINT NOT NULL CHECK (status = 0 OR status BETWEEN 100 AND 599),
    first_member TEXT,
    failing_since BIGINT,
    failed_in_row BIGINT NOT NULL DEFAULT 0,
    detail TEXT
);

-- Requests and failures per hour (counted since the Unix epoch), so that no page counts requests.
CREATE TABLE scim_hours (
    team_id TEXT NOT NULL REFERENCES teams (id),
    hour BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (team_id, hour)
);
CREATE INDEX scim_hours_by_time ON scim_hours (hour);
