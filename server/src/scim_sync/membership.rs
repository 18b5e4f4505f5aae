//! Plans of commands for the members of a group.
//!
//! A request that only adds and removes a few ids is planned from the request alone. Any other is [computed](super::computation)
//! from the stored members.

use scim::{ScimError, patch::MemberChange};
use std::collections::HashMap;

/// Upper bound of the member names in a log entry or an error.
pub(super) const MAX_NAMES: usize = 5;
/// Upper bound of the ids that are added and removed without reading the group first.
pub(super) const MAX_LISTED: usize = 200;

/// What a command does with the members of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MembershipPlan {
    /// The request has no `members`.
    Unchanged,
    /// At most [`MAX_LISTED`] ids. The transaction checks that all of `must_exist` are members of the team.
    Listed { must_exist: Vec<String>, add: Vec<String>, remove: Vec<String> },
    /// The difference to the members that were stored in this version of the group. 0: the group is new. `names`: those of the
    /// first members of the difference, for the log. At most [`MAX_NAMES`].
    Computed { version: i64, add: Vec<String>, remove: Vec<String>, names: Vec<String> },
}

impl MembershipPlan {
    /// The ids of the members that leave.
    pub(super) fn remove(&self) -> &[String] {
        match self {
            MembershipPlan::Unchanged => &[],
            MembershipPlan::Listed { remove, .. } | MembershipPlan::Computed { remove, .. } => remove,
        }
    }
}

/// Ids as the database spells them. Some clients change the case of letters.
pub(super) fn ids(values: &[String]) -> impl Iterator<Item = String> {
    values.iter().map(|id| id.trim().to_ascii_lowercase())
}

/// Whether the text can be an id. PostgreSQL rejects parameters with a NUL character.
pub(super) fn is_id(id: &str) -> bool {
    !id.contains('\0')
}

/// The plan for changes that only add and remove a few ids. They do not depend on the group's current members.
pub(super) fn plan_listed(changes: &[MemberChange]) -> Option<MembershipPlan> {
    if changes.is_empty() {
        return Some(MembershipPlan::Unchanged);
    }
    let mut count = 0;
    // The last operation on an id decides. Ids keep the order of their first operation, for the log.
    let (mut joins, mut order, mut must_exist) = (HashMap::new(), Vec::new(), Vec::new());
    for change in changes {
        let (MemberChange::Add(values) | MemberChange::Remove(values)) = change else { return None };
        let adds = matches!(change, MemberChange::Add(_));
        count += values.len();
        if count > MAX_LISTED {
            return None;
        }
        for id in ids(values) {
            if adds {
                must_exist.push(id.clone());
            }
            if joins.insert(id.clone(), adds).is_none() {
                order.push(id);
            }
        }
    }
    let (add, remove) = order.into_iter().partition(|id| joins.get(id) == Some(&true));
    Some(MembershipPlan::Listed { must_exist, add, remove })
}

/// # Errors
/// `invalidValue` with the first ids that no member has.
pub(super) fn check_known(ids: &[String], is_known: impl Fn(&str) -> bool) -> Result<(), ScimError> {
    let mut unknown = ids.iter().filter(|id| !is_known(id));
    let first: Vec<&str> = unknown.by_ref().take(MAX_NAMES).map(String::as_str).collect();
    if first.is_empty() {
        return Ok(());
    }
    let more = match unknown.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Err(ScimError::invalid_value(format!("members: no User with the id {}{more}", first.join(", "))))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use scim::{Normalizations, ResourceType, patch::Patch};
    use serde_json::{Value, json};

    pub(in crate::scim_sync) fn changes(operations: Value) -> Vec<MemberChange> {
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
        let patch =
            Patch::read(body.as_object().unwrap().clone(), ResourceType::Group, &mut Normalizations::new()).unwrap();
        patch.members().to_vec()
    }

    pub(in crate::scim_sync) fn add(ids: &[&str]) -> Value {
        json!({"op": "add", "path": "members", "value": ids.iter().map(|id| json!({"value": id})).collect::<Vec<_>>()})
    }

    pub(in crate::scim_sync) fn texts(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn a_few_ids_are_planned_without_the_stored_members() {
        let remove = |id: &str| json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")});
        let plan = plan_listed(&changes(json!([add(&["a", "b"]), remove("b"), remove("c"), add(&["C"])]))).unwrap();
        let expected = MembershipPlan::Listed {
            must_exist: texts(&["a", "b", "c"]),
            add: texts(&["a", "c"]),
            remove: texts(&["b"]),
        };
        assert_eq!(plan, expected);
        assert_eq!(plan_listed(&[]), Some(MembershipPlan::Unchanged));
        let many: Vec<String> = (0..=MAX_LISTED).map(|n| format!("m{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(plan_listed(&changes(json!([add(&many)]))), None);
        assert_eq!(plan_listed(&changes(json!([remove("a"), {"op": "remove", "path": "members"}]))), None);
    }
}
