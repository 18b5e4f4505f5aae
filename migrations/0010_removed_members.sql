-- What a removed member was, so that nobody comes back with it. A removed member is a Developer without a password;
-- `removed_roles` are the roles given by hand until then, where they were others.
ALTER TABLE members ADD COLUMN removed_roles BIGINT;
UPDATE members SET removed_roles = roles WHERE status = 'deleted' AND roles <> 1;
UPDATE members SET roles = 1, break_glass = 0, password_hash = NULL WHERE status = 'deleted';

-- When the userName last changed; and whether a member who is gone gave it up, because it was changed shortly before or after.
-- Then somebody else may have it, and the member's `externalId` with it.
ALTER TABLE members ADD COLUMN renamed_at BIGINT;
ALTER TABLE members ADD COLUMN user_name_freed BIGINT NOT NULL DEFAULT 0;

-- Until when an identity provider may adopt this Admin or Super Admin by e-mail address. None: an Admin has to confirm it.
ALTER TABLE members ADD COLUMN adoption_allowed_until BIGINT;
