//! Matching of a new User with existing members.

use crate::team_change::person::MemberColumns;
use domain::{member::AdoptionMatch, validation::text::fold};
use store::{MemberRecord, MemberSource, MemberStatus};

/// The existing member that a new User is: first by userName, then a removed member by `externalId`, then a member that no
/// directory manages by email address.
///
/// An `externalId` does not identify a removed member whose userName a rename has freed, because the directory assigns both
/// again. An address matches only active and invited members, so it restores no one.
pub(super) fn find_match<'a>(
    candidates: &'a [MemberRecord],
    columns: &MemberColumns,
) -> Option<(&'a MemberRecord, AdoptionMatch)> {
    let user_name_key = fold(&columns.user_name);
    let email_key = columns.email.as_deref().map(fold);
    let same_external = |member: &MemberRecord| {
        columns.external_id.is_some()
            && member.external_id == columns.external_id
            && member.is_gone()
            && !member.renames.is_freed(&member.user_name_key)
    };
    let same_email = |member: &MemberRecord| {
        email_key.is_some()
            && member.email_key == email_key
            && member.source != MemberSource::Directory
            && matches!(member.status, MemberStatus::Active | MemberStatus::Invited)
    };
    let first = |is: &dyn Fn(&MemberRecord) -> bool, matched_by: AdoptionMatch| {
        candidates
            .iter()
            .filter(|member| is(member))
            .min_by(|a, b| a.id.as_str().cmp(b.id.as_str()))
            .map(|member| (member, matched_by))
    };
    first(&|member| member.user_name_key == user_name_key, AdoptionMatch::UserName)
        .or_else(|| first(&same_external, AdoptionMatch::ExternalId))
        .or_else(|| first(&same_email, AdoptionMatch::Email))
}

/// Whether the directory manages the member already, so that it cannot be created again.
pub(super) fn is_managed(member: &MemberRecord) -> bool {
    member.source == MemberSource::Directory && matches!(member.status, MemberStatus::Active | MemberStatus::Invited)
}
