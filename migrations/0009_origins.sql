-- Who sent an invite, so that it ends with what its sender may give. None: the operator, or nobody knows any more. Of invites
-- from before the name is known alone: where one active member has it, it is theirs.
ALTER TABLE invites ADD COLUMN invited_by_id TEXT;
ALTER TABLE invites ADD COLUMN team_id TEXT;
UPDATE invites SET team_id = (SELECT m.team_id FROM members m WHERE m.id = invites.member_id);
CREATE INDEX invites_team ON invites (team_id);
UPDATE invites SET invited_by_id = (SELECT MIN(b.id) FROM members m JOIN members b ON b.team_id = m.team_id
    WHERE m.id = invites.member_id AND b.display_name = invites.invited_by AND b.status = 'active' HAVING COUNT(*) = 1);

-- Where somebody signed in: what the browser said of itself as a short label ("Firefox on Windows"), and the address. None: not
-- known.
ALTER TABLE sign_ins ADD COLUMN browser TEXT;
ALTER TABLE sign_ins ADD COLUMN address TEXT;
