//! The member who reads the table.

use domain::id::MemberId;

/// Who reads the table, and what they may do.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    /// Which member.
    pub(super) me: MemberId,
    /// May they change members?
    pub(super) may_manage: bool,
    /// Super Admins, too?
    pub(super) may_change_super_admins: bool,
    /// Where the directory's members are managed, while provisioning is on.
    pub(super) provider: Option<String>,
}
