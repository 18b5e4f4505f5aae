-- What of the log is asked for again and again: a team's connection to its identity provider, and what is about one member.

-- The last request of an identity provider, a row a team, kept by what writes requests down; Rollcall's own self-tests are
-- left out. `client` is the stable name of the product that was recognised. `first_member`: the first member that was created.
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
    status BIGINT NOT NULL,
    first_member TEXT
);

-- How many requests came in an hour (counted since the Unix epoch), and how many of them failed, so that no page counts them.
CREATE TABLE scim_hours (
    team_id TEXT NOT NULL REFERENCES teams (id),
    hour BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (team_id, hour)
);
CREATE INDEX scim_hours_by_time ON scim_hours (hour);

INSERT INTO scim_connections (team_id, request_id, at, key_id, key_name, client, user_agent, operation, target_name, status,
    first_member)
SELECT r.team_id, r.id, r.at, r.key_id, r.key_name,
    CASE WHEN LOWER(r.user_agent) LIKE '%okta%' THEN 'okta' WHEN LOWER(r.user_agent) LIKE '%azure ad%' THEN 'entra' ELSE 'unknown' END,
    r.user_agent, r.operation, r.target_name, r.status,
    (SELECT MIN(m.id) FROM members m WHERE m.team_id = r.team_id AND m.source = 'directory' AND m.status <> 'deleted')
FROM scim_requests r
JOIN (SELECT MAX(id) AS id FROM scim_requests WHERE key_name NOT LIKE 'Self-test %' GROUP BY team_id) AS newest ON newest.id = r.id;

INSERT INTO scim_hours (team_id, hour, requests, failures)
SELECT team_id, at / 3600000, COUNT(*), SUM(CASE WHEN status >= 400 OR status = 0 THEN 1 ELSE 0 END)
FROM scim_requests
WHERE at > (SELECT MAX(at) - 90000000 FROM scim_requests) AND key_name NOT LIKE 'Self-test %'
GROUP BY team_id, at / 3600000;

-- Whom an entry is about. Entries from before know it only where a request of an identity provider says it.
ALTER TABLE activity ADD COLUMN member_id TEXT;
UPDATE activity SET member_id = (SELECT r.target FROM scim_requests r WHERE r.id = activity.request_id AND substr(r.operation, 1, 5) = 'user_')
WHERE request_id IS NOT NULL AND substr(what, 1, 7) = 'member_';
CREATE INDEX activity_by_member ON activity (team_id, member_id, id) WHERE member_id IS NOT NULL;
CREATE INDEX scim_requests_by_target ON scim_requests (team_id, target, id) WHERE target IS NOT NULL AND changed = 0;
