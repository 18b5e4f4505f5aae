//! What every change to a team shares, whoever makes it: the policy about members, a member's
//! document, the entry in the log, and the invites that end with a role.

pub(crate) mod log_entry;
pub(crate) mod orphaned_invites;
pub(crate) mod own_document;
pub(crate) mod person;
pub(crate) mod policy;

pub(crate) use person::document_of;
