//! Large changes of a group's members, computed before the transaction.
//!
//! A request may name tens of thousands of ids, or contain a thousand filters over ten thousand members. The members are
//! therefore read once, and the operations are applied to that list in memory, in order and within the budget. The result is one
//! difference. The transaction writes it in a few statements. If the group's version has changed meanwhile, the difference is
//! computed again.

use super::membership::{MAX_NAMES, MembershipPlan, check_known, ids, is_id};
use crate::{
    budget::{Budget, SlotLimits, TeamQueue},
    scim_sync::error::ProvisioningError,
};
use domain::id::TeamId;
use scim::{
    Filter, ScimError,
    filter::{BudgetExceeded, ComparisonBudget},
    patch::MemberChange,
    resource::{About, GroupResource, MemberReference},
};
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use store::{ScimGroup, Store};

/// Upper bound of the members compared by all filters of one request. Each filter is compared with each member.
const MAX_COMPARED: usize = 2_000_000;
/// Upper bound of the computations of one team that wait.
const MAX_WAITING: usize = 31;
/// Upper bound of the members that one statement reads.
const PAGE: i64 = 5_000;
/// Upper bound of the members that join and leave by one request, because one transaction writes them.
const MAX_MOVED: usize = 25_000;

/// The queue of large computations: one at a time per team, because the members of the group are in memory meanwhile, and
/// because two computations for one group would invalidate each other.
pub(super) fn queue() -> TeamQueue {
    TeamQueue::new(SlotLimits { total: u64::MAX, per_team: 1, queue: MAX_WAITING })
}

/// Computes the difference from the stored members.
///
/// # Errors
/// `invalidValue` (an id that no member of the team has), `tooMany` (the budget, or [`MAX_MOVED`]), the database's.
pub(super) async fn compute(
    store: &Store,
    team: &TeamId,
    group: Option<&ScimGroup>,
    changes: &[MemberChange],
    budget: &Budget,
) -> Result<MembershipPlan, ProvisioningError> {
    let added = changes.iter().filter_map(|change| match change {
        MemberChange::Add(sent) | MemberChange::Replace(sent) => Some(ids(sent)),
        _ => None,
    });
    let mut unique = HashSet::new();
    let added: Vec<String> = added.flatten().filter(|id| unique.insert(id.clone())).collect();
    drop(unique);
    let possible: Vec<String> = added.iter().filter(|id| is_id(id)).cloned().collect();
    let mut names: HashMap<String, String> = HashMap::new();
    let reading = budget.read().await?;
    budget.rows(possible.len())?;
    for (id, name) in store.members_named(team, &possible).await? {
        names.insert(id.to_string(), name);
    }
    check_known(&added, |id| names.contains_key(id))?;
    let mut current = Vec::new();
    if let Some(group) = group {
        let mut after = String::new();
        loop {
            let page = store.group_members_after(team, &group.id, &after, PAGE, Some(&reading)).await?;
            budget.rows(page.len())?;
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
    drop(reading);
    let filters = changes.iter().filter(|change| matches!(change, MemberChange::RemoveWhere(_))).count();
    if filters.saturating_mul(current.len()) > MAX_COMPARED {
        // Rejected before the first filter costs anything.
        return Err(ScimError::too_many(format!(
            "members: {filters} filters over {} members are more than one request may compare. Send fewer filters at once, \
             or remove Users by their ids",
            current.len()
        ))
        .into());
    }
    let version = group.map_or(0, |group| group.version);
    let changes: Arc<[MemberChange]> = changes.into();
    let (mut draft, mut at) = (MemberDraft::new(current, names), 0);
    while at < changes.len() {
        let (changes, from) = (Arc::clone(&changes), at);
        let batch = move |budget: &Budget| {
            let left = budget.comparisons_left();
            let mut comparisons = ComparisonBudget::new(left);
            let next = draft.apply(&changes, from, &mut comparisons);
            budget.compared(left.saturating_sub(comparisons.remaining()));
            let next = next.map_err(|BudgetExceeded| budget.too_many())?;
            Ok::<_, ProvisioningError>((draft, next))
        };
        (draft, at) = budget.compute(batch).await?;
    }
    budget.compute(move |_| Ok(draft.finish(version)?)).await
}

/// The list of members to which changes are applied.
struct MemberDraft {
    current: Vec<String>,
    wanted: HashSet<String>,
    names: HashMap<String, String>,
    /// The JSON values of members, for filters.
    views: HashMap<String, Value>,
}

impl MemberDraft {
    /// Members that are compared in one batch of some milliseconds. Other teams compute between two batches.
    const BATCH: usize = 20_000;

    fn new(current: Vec<String>, names: HashMap<String, String>) -> Self {
        Self { wanted: current.iter().cloned().collect(), current, names, views: HashMap::new() }
    }

    /// Applies one batch of changes, beginning at index `from`. Returns the index of the next change.
    fn apply(
        &mut self,
        changes: &[MemberChange],
        from: usize,
        budget: &mut ComparisonBudget,
    ) -> Result<usize, BudgetExceeded> {
        let mut work = 0;
        for (at, change) in changes.iter().enumerate().skip(from) {
            if work >= Self::BATCH {
                return Ok(at);
            }
            work += match change {
                MemberChange::Add(sent) | MemberChange::Remove(sent) | MemberChange::Replace(sent) => sent.len(),
                MemberChange::Clear | MemberChange::RemoveWhere(_) => self.wanted.len(),
            };
            match change {
                MemberChange::Add(sent) => self.wanted.extend(ids(sent)),
                MemberChange::Remove(sent) => ids(sent).for_each(|id| {
                    self.wanted.remove(&id);
                }),
                MemberChange::Clear => self.wanted.clear(),
                MemberChange::Replace(sent) => self.wanted = ids(sent).collect(),
                MemberChange::RemoveWhere(filter) => self.remove_where(filter, budget)?,
            }
        }
        Ok(changes.len())
    }

    fn remove_where(&mut self, filter: &Filter, budget: &mut ComparisonBudget) -> Result<(), BudgetExceeded> {
        let mut leaves = Vec::new();
        for id in &self.wanted {
            if !self.views.contains_key(id) {
                let name = self.names.get(id).cloned().unwrap_or_default();
                self.views.insert(id.clone(), view(id, name));
            }
            if let Some(view) = self.views.get(id)
                && MemberChange::matches_within(filter, view, budget)?
            {
                leaves.push(id.clone());
            }
        }
        for id in leaves {
            self.wanted.remove(&id);
        }
        Ok(())
    }

    /// The plan: the difference between the stored members and the draft.
    fn finish(mut self, version: i64) -> Result<MembershipPlan, ScimError> {
        let mut remove = Vec::new();
        for id in self.current {
            if !self.wanted.remove(&id) {
                remove.push(id);
            }
        }
        // The remaining members were not in the group.
        let mut add: Vec<String> = self.wanted.into_iter().collect();
        add.sort_unstable();
        let moved = add.len() + remove.len();
        if moved > MAX_MOVED {
            return Err(ScimError::too_many(format!(
                "members: {moved} Users would join or leave this group, the maximum is {MAX_MOVED} per request. Send \
                 several requests that add and remove Users by their ids"
            )));
        }
        let first = add.iter().chain(&remove).take(MAX_NAMES).filter_map(|id| self.names.get(id).cloned()).collect();
        Ok(MembershipPlan::Computed { version, add, remove, names: first })
    }
}

/// A member as an element of the group's `members`.
fn view(id: &str, display: String) -> Value {
    let about = About { base: "", id: "", created: 0, last_modified: 0, version: 0 };
    let group = GroupResource { about, external_id: None, display_name: "", members: &[] };
    group.member(&MemberReference { id: id.to_owned(), display })
}

#[cfg(test)]
mod tests {
    use super::{
        super::membership::tests::{add, changes, texts},
        *,
    };
    use serde_json::json;
    use std::{future::poll_fn, pin::Pin, task::Poll};

    /// Members a, b, c, named "Ann", "Bob", "Cid"; d is "Dan" and not in the group.
    fn of(operations: Value, comparisons: u64) -> Result<(Vec<String>, Vec<String>), ScimError> {
        let names = [("a", "Ann"), ("b", "Bob"), ("c", "Cid"), ("d", "Dan")];
        let names = names.map(|(id, name)| (id.to_owned(), name.to_owned())).into();
        let changes = changes(operations);
        let mut draft = MemberDraft::new(texts(&["a", "b", "c"]), names);
        assert_eq!(draft.apply(&changes, 0, &mut ComparisonBudget::new(comparisons))?, changes.len());
        match draft.finish(1)? {
            MembershipPlan::Computed { add, remove, .. } => Ok((add, remove)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn operations_are_applied_in_order() {
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
            assert_eq!(of(operations.clone(), 1_000).unwrap(), wanted, "{operations}");
        }
    }

    #[test]
    fn a_filter_costs_one_comparison_per_member() {
        let filters: Vec<_> =
            (0..100).map(|n| json!({"op": "remove", "path": format!("members[display sw \"z{n}\"]")})).collect();
        let error = of(json!(filters), 250).unwrap_err();
        assert_eq!((error.status(), error.scim_type()), (400, Some(scim::ScimType::TooMany)));
        assert!(of(json!(filters), 100_000).is_ok());
    }

    #[test]
    fn one_request_cannot_move_more_than_the_maximum() {
        let current: Vec<String> = (0..=MAX_MOVED).map(|n| format!("m{n}")).collect();
        let mut draft = MemberDraft::new(current, HashMap::new());
        let clear = changes(json!([{"op": "remove", "path": "members"}]));
        draft.apply(&clear, 0, &mut ComparisonBudget::new(0)).unwrap();
        assert_eq!(draft.finish(1).unwrap_err().scim_type(), Some(scim::ScimType::TooMany));
    }

    #[test]
    fn changes_are_applied_in_batches() {
        let current: Vec<String> = (0..MemberDraft::BATCH).map(|n| format!("m{n}")).collect();
        let mut draft = MemberDraft::new(current, HashMap::new());
        let filter = json!({"op": "remove", "path": "members[display sw \"z\"]"});
        let filters = changes(json!([filter, filter, filter]));
        let mut budget = ComparisonBudget::unlimited();
        assert_eq!(draft.apply(&filters, 0, &mut budget), Ok(1));
        assert_eq!(draft.apply(&filters, 1, &mut budget), Ok(2));
        assert_eq!(draft.apply(&filters, 2, &mut budget), Ok(3));
    }

    #[tokio::test]
    async fn computations_of_one_team_run_one_at_a_time_and_the_queue_is_bounded() {
        let computations = queue();
        let (acme, globex) = (TeamId::new("acme"), TeamId::new("globex"));
        let first = computations.take(&acme, 1).await.unwrap();
        let mut waiting: Vec<_> = (0..MAX_WAITING).map(|_| Box::pin(computations.take(&acme, 1))).collect();
        for waiter in &mut waiting {
            let is_pending = poll_fn(|context| Poll::Ready(Pin::new(&mut *waiter).poll(context).is_pending())).await;
            assert!(is_pending);
        }
        assert!(matches!(computations.take(&acme, 1).await, Err(crate::budget::QueueFull)));
        assert!(computations.take(&globex, 1).await.is_ok(), "other teams compute meanwhile");
        drop(first);
        for waiter in waiting {
            drop(waiter.await.unwrap());
        }
    }
}
