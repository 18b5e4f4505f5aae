//! Parts that all changes to a team share: the policy about members, a member's document, the log entry, and the revocation of
//! invites after their sender has lost a role.

pub(crate) mod log_entry;
pub(crate) mod orphaned_invites;
pub(crate) mod own_document;
pub(crate) mod person;
pub(crate) mod policy;

pub(crate) use person::{document_of, new_document};
