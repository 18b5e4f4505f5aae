//! Who joins a group and who leaves it, computed before the transaction.
//!
//! A request may name tens of thousands of ids, or hold a thousand filters over ten thousand members. So the members are read
//! once, the operations are applied to that list in memory, in order and within a budget, and what is left is one difference.
//! The transaction writes it in a few statements if the group has still the version that was read, else it is computed again.

use super::refused::Refused;
use crate::store::{ScimGroup, Store, StoreError};
use domain::id::TeamId;
use scim::{
    Error, Filter,
    filter::ComparisonBudget,
    patch::MemberChange,
    resource::{About, Group, Member},
};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// A request that only adds and removes up to this many ids is computed in its transaction, without reading the group.
pub(super) const LISTED: usize = 200;
/// The most members that join and leave by one request, because they are written in one transaction.
pub(super) const MAX_MOVED: usize = 25_000;
/// Members of a group that are read by one statement.
const PAGE: i64 = 5_000;

/// What a command does with the members of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Membership {
    /// The request does not mention them.
    Unchanged,
    /// A few ids, which the transaction looks up: all of `known` must be members of the team.
    Listed { known: Vec<String>, add: Vec<String>, remove: Vec<String> },
    /// Many.
    Computed(Difference),
}

/// How the members of a group differ from what they are to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The version of the group that was read; 0: the group is new.
    pub(super) version: i64,
    pub(super) add: Vec<String>,
    pub(super) remove: Vec<String>,
    /// The names of the first few of them, for the log.
    pub(super) names: Vec<String>,
}

/// Ids as the database has them: some clients change the case of letters.
pub(super) fn ids(sent: &[String]) -> impl Iterator<Item = String> {
    sent.iter().map(|id| id.trim().to_ascii_lowercase())
}

/// Can it be the id of anything? The database cannot even be asked for a NUL character.
pub(super) fn is_id(id: &str) -> bool {
    !id.contains('\0')
}

/// What the changes come to without knowing who is in the group: if they only add and remove a few ids.
pub(super) fn listed(changes: &[MemberChange]) -> Option<Membership> {
    if changes.is_empty() {
        return Some(Membership::Unchanged);
    }
    let mut count = 0;
    // The last operation about an id decides. The order of the first ones is kept, for the log.
    let (mut joins, mut order, mut known) = (HashMap::new(), Vec::new(), Vec::new());
    for change in changes {
        let (MemberChange::Add(sent) | MemberChange::Remove(sent)) = change else { return None };
        let adds = matches!(change, MemberChange::Add(_));
        count += sent.len();
        if count > LISTED {
            return None;
        }
        for id in ids(sent) {
            if adds {
                known.push(id.clone());
            }
            if joins.insert(id.clone(), adds).is_none() {
                order.push(id);
            }
        }
    }
    let (add, remove) = order.into_iter().partition(|id| joins.get(id) == Some(&true));
    Some(Membership::Listed { known, add, remove })
}

/// Computes the difference from the group as it is.
///
/// # Errors
/// `invalidValue` (an id that no member of the team has), `tooMany` (the budget, or [`MAX_MOVED`]), the database's.
pub(super) async fn compute(
    store: &Store,
    team: &TeamId,
    group: Option<&ScimGroup>,
    changes: &[MemberChange],
    budget: &mut PlanBudget,
) -> Result<Difference, Refused> {
    let added = changes.iter().filter_map(|change| match change {
        MemberChange::Add(sent) | MemberChange::Replace(sent) => Some(ids(sent)),
        _ => None,
    });
    let mut seen = HashSet::new();
    let added: Vec<String> = added.flatten().filter(|id| seen.insert(id.clone())).collect();
    drop(seen);
    let possible: Vec<String> = added.iter().filter(|id| is_id(id)).cloned().collect();
    let mut names: HashMap<String, String> = HashMap::new();
    for (id, name) in store.members_named(team, &possible).await? {
        names.insert(id.to_string(), name);
    }
    unknown(&added, |id| names.contains_key(id)).map_err(Refused::Scim)?;
    let mut current = Vec::new();
    if let Some(group) = group {
        let mut after = String::new();
        loop {
            let page = store.group_members_after(&group.id, &after, PAGE, None).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.id);
            let is_last = i64::try_from(page.len()).unwrap_or(PAGE) < PAGE;
            for member in page {
                current.push(member.id.clone());
                names.insert(member.id, member.display_name);
            }
            if is_last {
                break;
            }
        }
    }
    let version = group.map_or(0, |group| group.version);
    let changes = changes.to_vec();
    budget.run(move |budget| difference(version, current, &names, &changes, budget)).await
}

/// # Errors
/// `invalidValue`: some of the ids are of no member. It names the first few.
pub(super) fn unknown(ids: &[String], is_known: impl Fn(&str) -> bool) -> Result<(), Error> {
    /// Ids that the message names.
    const NAMED: usize = 5;
    let mut unknown = ids.iter().filter(|id| !is_known(id));
    let first: Vec<&str> = unknown.by_ref().take(NAMED).map(String::as_str).collect();
    if first.is_empty() {
        return Ok(());
    }
    let more = match unknown.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Err(Error::invalid_value(format!("members: there is no User with the id {}{more}", first.join(", "))))
}

/// Applies the changes to the list.
fn difference(
    version: i64,
    current: Vec<String>,
    names: &HashMap<String, String>,
    changes: &[MemberChange],
    budget: &mut PlanBudget,
) -> Result<Difference, Error> {
    let mut wanted: HashSet<String> = current.iter().cloned().collect();
    let mut views: HashMap<String, Value> = HashMap::new();
    for change in changes {
        match change {
            MemberChange::Add(sent) => wanted.extend(ids(sent)),
            MemberChange::Remove(sent) => ids(sent).for_each(|id| {
                wanted.remove(&id);
            }),
            MemberChange::Clear => wanted.clear(),
            MemberChange::Replace(sent) => wanted = ids(sent).collect(),
            MemberChange::RemoveWhere(filter) => {
                let mut leaves = Vec::new();
                for id in &wanted {
                    if !views.contains_key(id) {
                        views.insert(id.clone(), view(id, names.get(id).cloned().unwrap_or_default()));
                    }
                    if let Some(view) = views.get(id)
                        && budget.matches(filter, view)?
                    {
                        leaves.push(id.clone());
                    }
                }
                leaves.iter().for_each(|id| {
                    wanted.remove(id);
                });
            }
        }
    }
    let mut remove = Vec::new();
    for id in current {
        if !wanted.remove(&id) {
            remove.push(id);
        }
    }
    // What is left was not in the group.
    let mut add: Vec<String> = wanted.into_iter().collect();
    add.sort_unstable();
    let moved = add.len() + remove.len();
    if moved > MAX_MOVED {
        return Err(Error::too_many(format!(
            "members: {moved} Users would join or leave this group, at most {MAX_MOVED} can by one request. Send several \
             requests that add and remove Users by their ids"
        )));
    }
    let first = add.iter().chain(&remove).take(super::groups::NAMED).filter_map(|id| names.get(id).cloned()).collect();
    Ok(Difference { version, add, remove, names: first })
}

/// A member as it is in the group's `members`.
fn view(id: &str, display: String) -> Value {
    let about = About { base: "", id: "", created: 0, last_modified: 0, version: 0 };
    let group = Group { about, external_id: None, display_name: "", members: &[] };
    group.member(&Member { id: id.to_owned(), display })
}

/// The comparisons that a request may still make.
#[derive(Debug)]
pub(super) struct PlanBudget(ComparisonBudget);

impl PlanBudget {
    pub(super) fn new(comparisons: u64) -> Self {
        Self(ComparisonBudget::new(comparisons))
    }

    fn matches(&mut self, filter: &Filter, view: &Value) -> Result<bool, Error> {
        Ok(MemberChange::matches_within(filter, view, &mut self.0)?)
    }

    async fn run<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Refused> {
        let mut own = Self(self.0.clone());
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&mut own);
            (done, own)
        });
        let (done, own) = done.await.map_err(|error| Refused::Store(StoreError::Fault(error.to_string())))?;
        *self = own;
        done.map_err(Refused::Scim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scim::{Kind, Notes, patch::Patch};
    use serde_json::json;

    fn changes(operations: Value) -> Vec<MemberChange> {
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
        let patch = Patch::read(body.as_object().unwrap().clone(), Kind::Group, &mut Notes::new()).unwrap();
        patch.members().to_vec()
    }

    fn add(ids: &[&str]) -> Value {
        json!({"op": "add", "path": "members", "value": ids.iter().map(|id| json!({"value": id})).collect::<Vec<_>>()})
    }

    fn texts(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    /// Members a, b, c, named "Ann", "Bob", "Cid"; d is "Dan" and not in the group.
    fn of(operations: Value, budget: &mut PlanBudget) -> Result<(Vec<String>, Vec<String>), Error> {
        let names = [("a", "Ann"), ("b", "Bob"), ("c", "Cid"), ("d", "Dan")];
        let names = names.map(|(id, name)| (id.to_owned(), name.to_owned())).into();
        let done = difference(1, texts(&["a", "b", "c"]), &names, &changes(operations), budget)?;
        Ok((done.add, done.remove))
    }

    #[test]
    fn operations_are_applied_in_order_to_one_list() {
        let remove = |path: &str| json!({"op": "remove", "path": path});
        for (operations, join, leave) in [
            (json!([remove("members[display sw \"B\"]")]), vec![], vec!["b"]),
            (json!([remove("members[display sw \"zz\"]")]), vec![], vec![]),
            (json!([remove("members[display sw \"D\"]"), add(&["d"])]), vec!["d"], vec![]),
            (json!([add(&["d"]), remove("members[display sw \"D\"]")]), vec![], vec![]),
            (json!([remove("members"), add(&["b", "d"])]), vec!["d"], vec!["a", "c"]),
            (json!([add(&["d"]), remove("members")]), vec![], vec!["a", "b", "c"]),
            (json!([remove("members[value eq \"a\"]"), add(&["A"])]), vec![], vec![]),
            (
                json!([{"op": "replace", "path": "members", "value": [{"value": "d"}, {"value": "a"}]}]),
                vec!["d"],
                vec!["b", "c"],
            ),
        ] {
            let wanted = (texts(&join), texts(&leave));
            assert_eq!(of(operations.clone(), &mut PlanBudget::new(1_000)).unwrap(), wanted, "{operations}");
        }
    }

    #[test]
    fn filters_cost_a_comparison_for_each_member() {
        let filters: Vec<_> =
            (0..100).map(|n| json!({"op": "remove", "path": format!("members[display sw \"z{n}\"]")})).collect();
        let error = of(json!(filters), &mut PlanBudget::new(250)).unwrap_err();
        assert_eq!((error.status(), error.scim_type()), (400, Some(scim::ScimType::TooMany)));
        assert!(of(json!(filters), &mut PlanBudget::new(100_000)).is_ok());
    }

    #[test]
    fn a_few_ids_need_no_list() {
        let remove = |id: &str| json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")});
        let found = listed(&changes(json!([add(&["a", "b"]), remove("b"), remove("c"), add(&["C"])]))).unwrap();
        let wanted =
            Membership::Listed { known: texts(&["a", "b", "c"]), add: texts(&["a", "c"]), remove: texts(&["b"]) };
        assert_eq!(found, wanted);
        assert_eq!(listed(&[]), Some(Membership::Unchanged));
        let many: Vec<String> = (0..=LISTED).map(|n| format!("m{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(listed(&changes(json!([add(&many)]))), None);
        assert_eq!(listed(&changes(json!([remove("a"), {"op": "remove", "path": "members"}]))), None);
    }

    #[test]
    fn no_request_moves_everybody_of_a_huge_group() {
        let current: Vec<String> = (0..=MAX_MOVED).map(|n| format!("m{n}")).collect();
        let changes = changes(json!([{"op": "remove", "path": "members"}]));
        let error = difference(1, current, &HashMap::new(), &changes, &mut PlanBudget::new(0)).unwrap_err();
        assert_eq!(error.scim_type(), Some(scim::ScimType::TooMany));
    }
}
