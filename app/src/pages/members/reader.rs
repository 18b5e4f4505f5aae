//! The member who reads the table.

use domain::id::MemberId;

/// The reader of the table, and their permissions.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) me: MemberId,
    pub(super) may_manage: bool,
    pub(super) may_change_super_admins: bool,
    /// The identity provider, while SCIM provisioning is on.
    pub(super) provider: Option<String>,
}
