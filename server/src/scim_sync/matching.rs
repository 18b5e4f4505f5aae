//! Whom `POST /Users` means, of those who were there before.

use crate::team_change::person::MemberColumns;
use domain::{member::AdoptionMatch, validation::text::fold};
use store::{MemberRecord, Source, Status};

/// The member whom a User to be created is: the one with the userName; else one who is gone, by `externalId`; else one whom no
/// directory manages, by e-mail address.
///
/// An `externalId` proves nothing where a leaver's userName was given up by a rename, because the directory gives out both
/// anew. An address finds only those who can sign in or are invited: nobody comes back by it.
pub(super) fn find<'a>(alike: &'a [MemberRecord], person: &MemberColumns) -> Option<(&'a MemberRecord, AdoptionMatch)> {
    let user_name_key = fold(&person.user_name);
    let email_key = person.email.as_deref().map(fold);
    let same_external = |member: &MemberRecord| {
        person.external_id.is_some()
            && member.external_id == person.external_id
            && member.is_gone()
            && !member.renames.is_freed(&member.user_name_key)
    };
    let same_email = |member: &MemberRecord| {
        email_key.is_some()
            && member.email_key == email_key
            && member.source != Source::Directory
            && matches!(member.status, Status::Active | Status::Invited)
    };
    let first = |is: &dyn Fn(&MemberRecord) -> bool, by: AdoptionMatch| {
        alike
            .iter()
            .filter(|member| is(member))
            .min_by(|a, b| a.id.as_str().cmp(b.id.as_str()))
            .map(|member| (member, by))
    };
    first(&|member| member.user_name_key == user_name_key, AdoptionMatch::UserName)
        .or_else(|| first(&same_external, AdoptionMatch::ExternalId))
        .or_else(|| first(&same_email, AdoptionMatch::Email))
}

/// Active, and the directory's already.
pub(super) fn is_managed(member: &MemberRecord) -> bool {
    member.source == Source::Directory && matches!(member.status, Status::Active | Status::Invited)
}
