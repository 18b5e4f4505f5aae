//! What a mapping would change, and what one did change.

use app::model::Preview;
use domain::{
    activity::Change,
    group_role::{MappingImpact, MappingOutcome, MemberCohort, RoleChange, review},
    id::{ActivityId, TeamId},
    role::Role,
};
use store::{GroupRow, Store, StoreError};

/// So many people are named.
const NAMED: i64 = 5;

/// What it would change if `group` gave the role `to`, and whether someone with `authority` may save that.
pub(super) async fn of(
    (store, team): (&Store, &TeamId),
    authority: Role,
    group: &GroupRow,
    to: Option<Role>,
) -> Result<Preview, StoreError> {
    let step = RoleChange { from: group.role, to };
    let (all, examples): (Vec<MemberCohort>, Vec<String>) =
        store.group_cohorts(team, &group.id).await?.into_iter().unzip();
    let people = async |wanted: fn(&MappingOutcome) -> bool| {
        let like: Vec<MemberCohort> = all.iter().filter(|alike| wanted(&alike.outcome(step))).copied().collect();
        // Those for whom it counts at once stand for all; only where there are none, those for whom it counts later.
        let (now, later): (Vec<MemberCohort>, Vec<MemberCohort>) = like.into_iter().partition(|alike| alike.active);
        let like = if now.is_empty() { later } else { now };
        store.group_people(team, &group.id, &like, NAMED).await
    };
    Ok(Preview {
        to,
        impact: MappingImpact::of(&all, step),
        gain: people(|outcome| outcome.gains).await?,
        lose: people(|outcome| outcome.loses).await?,
        denial: review(authority, step, &all).err().map(|denial| denial.about(&examples)),
    })
}

/// What the entry says that was written when a mapping was saved: it may be more or less than the preview said.
pub(super) async fn notice(store: &Store, team: &TeamId, entry: &ActivityId) -> Result<Option<String>, StoreError> {
    let change = store.activity_entry(team, entry).await?.map(|entry| entry.change);
    Ok(match change {
        Some(Change::GroupMapped { from, to, gained, lost, .. }) => {
            Some(format!("Role saved: {}.", RoleChange { from, to }.summary(gained, lost)))
        }
        _ => None,
    })
}
