-- Names in the log, as they are searched: in lower case and without accents. Written with the line; lines from before are
-- found as they were written.
ALTER TABLE activity ADD COLUMN search TEXT;
ALTER TABLE scim_requests ADD COLUMN search TEXT;
UPDATE activity SET search = LOWER(REPLACE(REPLACE(body, what, ''), '"name"', '')) WHERE substr(what, 1, 7) = 'member_' OR substr(what, 1, 6) = 'group_';
UPDATE scim_requests SET search = LOWER(target_name) WHERE target_name IS NOT NULL;

-- A request of many operations is answered with 200 although some of them failed: then its record says what was wrong.
DROP INDEX scim_requests_failed;
CREATE INDEX scim_requests_failed ON scim_requests (team_id, id)
    WHERE (status >= 400 OR status = 0 OR detail IS NOT NULL) AND changed = 0;
