//! A member as changes read and write it.

use crate::{
    MemberSource, MemberStatus, StoreError,
    db::{row::Row, statement::Statement},
};
use domain::{
    UnixMs,
    id::{MemberId, TeamId},
    member::REMOVED,
    role::Roles,
    user_name::Renames,
    validation::text::fold,
};

/// A member with the data that a change depends on, including tombstones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRecord {
    /// The member's id.
    pub id: MemberId,
    /// `userName`, folded for comparison.
    pub user_name_key: String,
    /// The email address for signing in.
    pub email: Option<String>,
    /// The email address, folded for comparison.
    pub email_key: Option<String>,
    /// `displayName`.
    pub display_name: String,
    /// `externalId`.
    pub external_id: Option<String>,
    /// The SCIM User as JSON, without `active`.
    pub document: String,
    /// The status.
    pub status: MemberStatus,
    /// Whether the document has `active`.
    pub active_present: bool,
    /// Who manages the member.
    pub source: MemberSource,
    /// The effective ones.
    pub roles: Roles,
    /// The manual roles.
    pub own_roles: Roles,
    /// The roles from groups, if there are any.
    pub group_roles: Option<Roles>,
    /// Whether the member is break-glass.
    pub break_glass: bool,
    /// The manual roles from before the removal, unless they were the roles of every removed member.
    pub removed_roles: Option<Roles>,
    /// The history of `userName`.
    pub renames: Renames,
    /// The end of the permission for an identity provider to adopt this Admin or Super Admin by email address.
    pub adoption_allowed_until: Option<UnixMs>,
    /// The number of changes.
    pub version: i64,
    /// The time of creation.
    pub created_at: UnixMs,
    /// The time of the last change.
    pub updated_at: UnixMs,
}

/// The new state of a member.
#[derive(Clone, Debug)]
pub struct MemberWrite<'a> {
    /// `userName`.
    pub user_name: &'a str,
    /// The email address for signing in.
    pub email: Option<&'a str>,
    /// The other addresses, for lookups.
    pub other_emails: &'a [String],
    /// `displayName`.
    pub display_name: &'a str,
    /// `externalId`.
    pub external_id: Option<&'a str>,
    /// The SCIM User as JSON, without `active`.
    pub document: &'a str,
    /// The status.
    pub status: MemberStatus,
    /// Does the document have `active`?
    pub active_present: bool,
    /// Who manages the member.
    pub source: MemberSource,
    /// The earlier values of `userName`.
    pub renames: Renames,
    /// The time of the change.
    pub now: UnixMs,
}

/// The columns that a [`MemberWrite`] sets.
macro_rules! written_columns {
    () => {
        "user_name, user_name_key, email, email_key, display_name, display_name_key, external_id, document, status, \
         source, active_present, updated_at, renamed_at, user_name_freed"
    };
}

/// Their values, in order; `$1` and `$2` are the ids of the team and the member.
macro_rules! values {
    () => {
        "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16"
    };
}
pub(super) use {values, written_columns};

impl MemberWrite<'_> {
    /// `$1` to `$16` of a statement with `written_columns!` and `values!`.
    pub(super) fn bind(&self, statement: Statement, team: &TeamId, id: &MemberId) -> Statement {
        statement
            .text(team.as_str())
            .text(id.as_str())
            .text(self.user_name)
            .text(&fold(self.user_name))
            .opt_text(self.email)
            .opt_text(self.email.map(fold).as_deref())
            .text(self.display_name)
            .text(&fold(self.display_name))
            .opt_text(self.external_id)
            .text(self.document)
            .text(self.status.name())
            .text(self.source.name())
            .flag(self.active_present)
            .number(self.now)
            .opt_number(self.renames.last)
            .flag(self.renames.freed)
    }
}

/// The columns of a [`MemberRecord`].
pub(crate) const COLUMNS: &str = "id, user_name_key, email, email_key, display_name, external_id, document, status, active_present, source, roles, \
                       group_roles, break_glass, version, created_at, updated_at, removed_roles, renamed_at, user_name_freed, \
                       adoption_allowed_until";

impl MemberRecord {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: MemberId::new(row.text("id")?),
            user_name_key: row.text("user_name_key")?,
            email: row.opt_text("email")?,
            email_key: row.opt_text("email_key")?,
            display_name: row.text("display_name")?,
            external_id: row.opt_text("external_id")?,
            document: row.text("document")?,
            status: row.parse_enum("status", MemberStatus::from_name)?,
            active_present: row.flag("active_present")?,
            source: row.parse_enum("source", MemberSource::from_name)?,
            roles: row.roles()?,
            own_roles: Roles::from_bits(row.number("roles")?),
            group_roles: Some(row.number("group_roles")?).filter(|bits| *bits != 0).map(Roles::from_bits),
            break_glass: row.flag("break_glass")?,
            removed_roles: row.opt_number("removed_roles")?.map(Roles::from_bits),
            renames: Renames { last: row.opt_number("renamed_at")?, freed: row.flag("user_name_freed")? },
            adoption_allowed_until: row.opt_number("adoption_allowed_until")?,
            version: row.number("version")?,
            created_at: row.number("created_at")?,
            updated_at: row.number("updated_at")?,
        })
    }

    /// Is the member removed or deactivated, so that they cannot sign in unless someone restores them?
    pub fn is_gone(&self) -> bool {
        is_gone(self.status)
    }

    /// The manual roles before a removal, unless they equal those of every removed member.
    pub fn roles_before_removal(&self) -> Option<Roles> {
        self.removed_roles.or(Some(self.own_roles)).filter(|roles| *roles != REMOVED)
    }

    /// The history of the userName after a change, which may be a rename.
    pub fn renames_after(&self, user_name: &str, status: MemberStatus, now: UnixMs) -> Renames {
        let is_renamed = fold(user_name) != self.user_name_key;
        self.renames.after(is_renamed, self.is_gone(), is_gone(status), now)
    }
}

fn is_gone(status: MemberStatus) -> bool {
    matches!(status, MemberStatus::Deactivated | MemberStatus::Deleted)
}
