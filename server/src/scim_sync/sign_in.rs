//! What members sign in with, and an identity provider must not change: that of the last active Super Admin and of break-glass
//! members. It is left out of the write; the rest is done, and the log says so.

use crate::scim_sync::{command::CommandContext, error::CommandError};
use crate::team_change::person::{MemberColumns, stored};
use crate::team_change::policy;
use domain::{activity::Change, member::review_sign_in, validation::text::fold};
use scim::Normalizations;
use serde_json::{Map, Value};
use store::{MemberRecord, StoreError};

const USER_NAME: &str = "userName";
const EMAILS: &str = "emails";

/// A person to be written, and what is said about what was left out.
pub(super) struct ProtectedSignIn {
    pub(super) person: MemberColumns,
    pub(super) notes: Normalizations,
    pub(super) log: Option<Change>,
}

/// Leaves out of the change what a protected member signs in with. Single sign-on may know a member by the userName; so it stays
/// too. Another spelling in letter case is the same name.
pub(super) async fn keep(
    context: &mut CommandContext<'_>,
    member: &MemberRecord,
    person: MemberColumns,
) -> Result<ProtectedSignIn, CommandError> {
    let is_renamed = fold(&person.user_name) != member.user_name_key;
    if !is_renamed && !is_readdressed(member, &person)? {
        return Ok(ProtectedSignIn { person, notes: Normalizations::new(), log: None });
    }
    let Err(guard) = review_sign_in(policy::subject(context.tx, member).await?) else {
        return Ok(ProtectedSignIn { person, notes: Normalizations::new(), log: None });
    };
    let mut kept = Vec::new();
    let mut person = person;
    if is_renamed {
        person = with_attribute_of(member, person, USER_NAME)?;
        kept.push(USER_NAME);
    }
    if is_readdressed(member, &person)? {
        person = with_attribute_of(member, person, EMAILS)?;
        kept.push(EMAILS);
    }
    let mut notes = Normalizations::new();
    for name in &kept {
        notes.add(format!("{name}: unchanged because {guard}"));
    }
    let why = format!(
        "{} didn't change because {guard}. They can change it on their Account page while SCIM provisioning is off. The rest \
         of the request was done",
        kept.join(" and ")
    );
    let attributes = kept.into_iter().map(str::to_owned).collect();
    let log = Some(Change::MemberSignInKept { name: member.display_name.clone(), attributes, why });
    Ok(ProtectedSignIn { person, notes, log })
}

/// Is it another address afterwards, or no longer one of `emails`, so that it hangs on the userName alone?
fn is_readdressed(member: &MemberRecord, person: &MemberColumns) -> Result<bool, StoreError> {
    if person.email.as_deref().map(fold) != member.email_key {
        return Ok(true);
    }
    let Some(email_key) = member.email_key.as_deref() else { return Ok(false) };
    if has_email(&person.attributes, email_key) {
        return Ok(false);
    }
    Ok(has_email(&stored(&member.document, None)?.into_map(), email_key))
}

fn has_email(attributes: &Map<String, Value>, email_key: &str) -> bool {
    let is_it =
        |email: &Value| email.get("value").and_then(Value::as_str).is_some_and(|value| fold(value) == email_key);
    attributes.get(EMAILS).and_then(Value::as_array).is_some_and(|emails| emails.iter().any(is_it))
}

/// The person with this attribute as the member has it now.
fn with_attribute_of(member: &MemberRecord, person: MemberColumns, name: &str) -> Result<MemberColumns, CommandError> {
    let before = stored(&member.document, None)?.into_map();
    let active = person.active;
    let mut attributes = person.attributes;
    match before.get(name) {
        Some(value) => attributes.insert(name.to_owned(), value.clone()),
        None => attributes.remove(name),
    };
    Ok(MemberColumns::from_attributes(attributes, active)?)
}
