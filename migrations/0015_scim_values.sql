-- What the SCIM API compares and sorts by.

-- The lower case of a text is made character by character, with one sigma: before, a sigma at the end of a word was kept as
-- "ς". Nothing else differs, so the keys from before are brought up to date by this alone. Where two members of a team differ
-- in nothing but the kind of a sigma, their userNames keep the keys that they have: they cannot both have the new one.
UPDATE members SET user_name_key = REPLACE(user_name_key, 'ς', 'σ') WHERE user_name_key LIKE '%ς%' AND NOT EXISTS (
    SELECT 1 FROM members o WHERE o.team_id = members.team_id AND o.id <> members.id
    AND REPLACE(o.user_name_key, 'ς', 'σ') = REPLACE(members.user_name_key, 'ς', 'σ'));
UPDATE members SET email_key = REPLACE(email_key, 'ς', 'σ') WHERE email_key LIKE '%ς%';
UPDATE members SET display_name_key = REPLACE(display_name_key, 'ς', 'σ') WHERE display_name_key LIKE '%ς%';
UPDATE groups SET display_name_key = REPLACE(display_name_key, 'ς', 'σ') WHERE display_name_key LIKE '%ς%';
UPDATE member_emails SET email_key = REPLACE(email_key, 'ς', 'σ') WHERE email_key LIKE '%ς%' AND NOT EXISTS (
    SELECT 1 FROM member_emails o WHERE o.member_id = member_emails.member_id AND o.email_key <> member_emails.email_key
    AND REPLACE(o.email_key, 'ς', 'σ') = REPLACE(member_emails.email_key, 'ς', 'σ'));
UPDATE sso_methods SET name_key = REPLACE(name_key, 'ς', 'σ') WHERE name_key LIKE '%ς%' AND NOT EXISTS (
    SELECT 1 FROM sso_methods o WHERE o.team_id = sso_methods.team_id AND o.id <> sso_methods.id
    AND REPLACE(o.name_key, 'ς', 'σ') = REPLACE(sso_methods.name_key, 'ς', 'σ'));
UPDATE scim_keys SET name_key = REPLACE(name_key, 'ς', 'σ') WHERE name_key LIKE '%ς%';

-- A group's name has up to 1,024 characters of up to four bytes. A row of an index has at most 2,704 bytes in PostgreSQL, so
-- the indexes hold the first 512 characters. Statements compare those first, and then the whole name; lists are sorted by those.
DROP INDEX groups_by_name;
CREATE INDEX groups_by_name ON groups (team_id, (substr(display_name_key, 1, 512)), id);
DROP INDEX groups_by_size;
CREATE INDEX groups_by_size ON groups (team_id, member_count DESC, (substr(display_name_key, 1, 512)), id);

-- Members whose `active` a client removed: filters on `active` leave them out, and they are few.
CREATE INDEX members_without_active ON members (team_id, id) WHERE active_said = 0;
