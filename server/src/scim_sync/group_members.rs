//! The members of a group in the transaction of a command.
//!
//! A member that the policy protects ([`domain::member::review`]) cannot leave a group that gives it a role. The request is then
//! rejected as a whole, because a PATCH that fails changes nothing (RFC 7644, section 3.5.2). The 403 names the member, the
//! reason and the remedy.

use super::membership::{MAX_NAMES, MembershipPlan, check_known, is_id};
use crate::scim_sync::{command::CommandContext, error::ProvisioningError};
use domain::{
    member::{MemberEffect, review},
    role::Role,
    validation::text,
};
use std::collections::HashSet;

/// The names of the members to add, where the plan has none. Fails if one of them is no member of the team.
///
/// The members of a computed plan were checked before. [`write_members`] notices if one was deleted since.
pub(super) async fn find_names(
    context: &mut CommandContext<'_>,
    members: &MembershipPlan,
) -> Result<Vec<String>, ProvisioningError> {
    let MembershipPlan::Listed { must_exist, .. } = members else { return Ok(Vec::new()) };
    if must_exist.is_empty() {
        return Ok(Vec::new());
    }
    let possible: Vec<String> = must_exist.iter().filter(|id| is_id(id)).cloned().collect();
    let named = context.tx.members_named(&possible).await?;
    let existing: HashSet<&str> = named.iter().map(|(id, _)| id.as_str()).collect();
    check_known(must_exist, |id| existing.contains(id))?;
    drop(existing);
    Ok(named.into_iter().map(|(_, name)| name).collect())
}

/// Adds and removes members. Returns how many joined and left, and the names of the first of them, at most [`MAX_NAMES`].
/// `names`: those of the members to add, from [`find_names`].
pub(super) async fn write_members(
    context: &mut CommandContext<'_>,
    group: &str,
    members: &MembershipPlan,
    mut names: Vec<String>,
) -> Result<(u64, u64, Vec<String>), ProvisioningError> {
    match members {
        MembershipPlan::Unchanged => Ok((0, 0, Vec::new())),
        MembershipPlan::Listed { add, remove, .. } => {
            let added = context.tx.group_members_add(group, add, context.now).await?;
            names.truncate(if added > 0 { MAX_NAMES } else { 0 });
            let remove: Vec<String> = remove.iter().filter(|id| is_id(id)).cloned().collect();
            let removed = context.tx.group_members_remove(group, &remove, context.now).await?;
            if removed > 0 && names.len() < MAX_NAMES {
                let first = remove.get(..MAX_NAMES.min(remove.len())).unwrap_or_default();
                let removed_names = context.tx.members_named(first).await?;
                names.extend(removed_names.into_iter().take(MAX_NAMES - names.len()).map(|(_, name)| name));
            }
            Ok((added, removed, names))
        }
        MembershipPlan::Computed { add, remove, names, .. } => {
            let added = context.tx.group_members_add(group, add, context.now).await?;
            let removed = context.tx.group_members_remove(group, remove, context.now).await?;
            if (added, removed) != (add.len() as u64, remove.len() as u64) {
                // A member was deleted since the computation.
                return Err(ProvisioningError::GroupMoved);
            }
            Ok((added, removed, names.clone()))
        }
    }
}

/// Fails if a protected member would leave. `leaving`: the ids of the members that leave, or `None` for all. The activity entry
/// names the first protected member only.
///
/// The last active Super Admin is not among the protected members, because groups never give that role.
pub(super) async fn check_protected(
    context: &mut CommandContext<'_>,
    group: &str,
    leaving: Option<&[String]>,
) -> Result<(), ProvisioningError> {
    if leaving.is_some_and(<[String]>::is_empty) {
        return Ok(());
    }
    let Some((role, marked)) = context.tx.group_break_glass_members(group).await? else { return Ok(()) };
    let leaving: Option<HashSet<&str>> = leaving.map(|ids| ids.iter().map(String::as_str).collect());
    let leaves = |id: &str| leaving.as_ref().is_none_or(|ids| ids.contains(id));
    // Reviewed with the authority of a Super Admin, because the provider decides about memberships whatever role its key has.
    // The protections still apply.
    let mut protected = marked.into_iter().filter(|member| leaves(member.id.as_str())).filter_map(|member| {
        let denial = review(Role::SuperAdmin, member.subject, MemberEffect::Roles(member.without)).err()?;
        Some((member.display_name, member.user_name, denial.to_string()))
    });
    let Some((name, first, why)) = protected.next() else { return Ok(()) };
    let mut user_names = vec![first];
    user_names.extend(protected.map(|(_, user_name, _)| user_name));
    let shown: Vec<&str> = user_names.iter().take(MAX_NAMES).map(String::as_str).collect();
    let who = match user_names.len().saturating_sub(MAX_NAMES) {
        0 => text::join_names(&shown),
        more => format!("{} and {more} more", shown.join(", ")),
    };
    let detail = format!(
        "{who} can't be removed from this group because it assigns the {role} role: {why}. Nothing was changed"
    );
    Err(ProvisioningError::Protected { error: scim::ScimError::forbidden(detail), name, why })
}
