-- The orders of the list of members that had no index: by role (the most powerful first), by status, and by the last sign-in (who
-- never did comes last). Within each it goes by name. Each is one text, in which a page begins at its place on both engines.
CREATE INDEX members_by_role ON members (team_id,
    (substr('0123456789abcdef', CAST(16 - (roles | group_roles) AS INTEGER), 1) || display_name_key), id)
    WHERE status <> 'deleted';
CREATE INDEX members_by_status ON members (team_id, (status || display_name_key), id) WHERE status <> 'deleted';
CREATE INDEX members_by_last_sign_in ON members (team_id,
    (COALESCE(CAST(9999999999999 - last_sign_in_at AS TEXT), 'x') || display_name_key), id) WHERE status <> 'deleted';
