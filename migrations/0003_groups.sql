-- Lists of groups, the largest first; and what other groups give to a member, without reading the rows of the table.

CREATE INDEX groups_by_size ON groups (team_id, member_count DESC, display_name_key, id);
DROP INDEX group_members_member;
CREATE INDEX group_members_member ON group_members (member_id, group_id);

-- Members of a kind that may be rare among any number of others.

CREATE INDEX members_by_state ON members (team_id, status, source, id) WHERE status <> 'deleted';
CREATE INDEX members_billing ON members (team_id) WHERE ((roles | group_roles) & 2) <> 0;
