//! Protected sign-in names: those of the last active Super Admin and of break-glass members. An identity provider cannot change
//! them. The rest of its change is applied, and the activity log names the attributes that were kept.

use crate::{
    scim_sync::{command::CommandContext, error::ProvisioningError},
    team_change::{
        person::{MemberColumns, stored},
        policy,
    },
};
use domain::{activity::Change, member::review_sign_in, validation::text::fold};
use scim::Normalizations;
use serde_json::{Map, Value};
use store::{MemberRecord, StoreError};

const USER_NAME: &str = "userName";
const EMAILS: &str = "emails";

/// The member to write, with the log entry about the attributes that were kept.
pub(super) struct ProtectedSignIn {
    pub(super) columns: MemberColumns,
    pub(super) notes: Normalizations,
    pub(super) log: Option<Change>,
}

/// Keeps the sign-in names of a protected member. The userName is one of them, because single sign-on may identify the member by
/// it. A difference in letter case is no change.
pub(super) async fn keep_protected(
    context: &mut CommandContext<'_>,
    member: &MemberRecord,
    columns: MemberColumns,
) -> Result<ProtectedSignIn, ProvisioningError> {
    let is_renamed = fold(&columns.user_name) != member.user_name_key;
    if !is_renamed && !is_readdressed(member, &columns)? {
        return Ok(ProtectedSignIn { columns, notes: Normalizations::new(), log: None });
    }
    let Err(denial) = review_sign_in(policy::subject(context.tx, member).await?) else {
        return Ok(ProtectedSignIn { columns, notes: Normalizations::new(), log: None });
    };
    let mut protected_names = Vec::new();
    let mut columns = columns;
    if is_renamed {
        columns = with_attribute_of(member, columns, USER_NAME)?;
        protected_names.push(USER_NAME);
    }
    if is_readdressed(member, &columns)? {
        columns = with_attribute_of(member, columns, EMAILS)?;
        protected_names.push(EMAILS);
    }
    let mut notes = Normalizations::new();
    for name in &protected_names {
        notes.add(format!("{name}: unchanged because {denial}"));
    }
    let why = format!(
        "{} didn't change because {denial}. They can change it on their Account page while SCIM provisioning is off. The rest \
         of the request was done",
        protected_names.join(" and ")
    );
    let attributes = protected_names.into_iter().map(str::to_owned).collect();
    let log = Some(Change::MemberSignInKept { name: member.display_name.clone(), attributes, why });
    Ok(ProtectedSignIn { columns, notes, log })
}

/// Whether the sign-in address changes, or would no longer be one of `emails` and so depend on the userName alone.
fn is_readdressed(member: &MemberRecord, columns: &MemberColumns) -> Result<bool, StoreError> {
    if columns.email.as_deref().map(fold) != member.email_key {
        return Ok(true);
    }
    let Some(email_key) = member.email_key.as_deref() else { return Ok(false) };
    if has_email(&columns.attributes, email_key) {
        return Ok(false);
    }
    Ok(has_email(&stored(&member.document, None)?.into_map(), email_key))
}

fn has_email(attributes: &Map<String, Value>, email_key: &str) -> bool {
    let matches =
        |email: &Value| email.get("value").and_then(Value::as_str).is_some_and(|value| fold(value) == email_key);
    attributes.get(EMAILS).and_then(Value::as_array).is_some_and(|emails| emails.iter().any(matches))
}

/// The columns with this attribute as it is stored.
fn with_attribute_of(
    member: &MemberRecord,
    columns: MemberColumns,
    name: &str,
) -> Result<MemberColumns, ProvisioningError> {
    let before = stored(&member.document, None)?.into_map();
    let active = columns.active;
    let mut attributes = columns.attributes;
    match before.get(name) {
        Some(value) => attributes.insert(name.to_owned(), value.clone()),
        None => attributes.remove(name),
    };
    Ok(MemberColumns::from_attributes(attributes, active)?)
}
