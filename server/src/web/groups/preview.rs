//! The preview of a mapping's effect, and the notice about its actual effect.

use app::model::Preview;
use domain::{
    activity::Change,
    group_role::{MappingImpact, MappingOutcome, MemberCohort, RoleChange, review},
    id::{ActivityId, TeamId},
    role::Role,
};
use store::{GroupRow, Store, StoreError};

/// Upper bound of the named people.
const NAMED: i64 = 5;

/// The effect if `group` gave the role `to`, and whether a member with `authority` may save that.
pub(super) async fn of(
    (store, team): (&Store, &TeamId),
    authority: Role,
    group: &GroupRow,
    to: Option<Role>,
) -> Result<Preview, StoreError> {
    let step = RoleChange { from: group.role, to };
    let (cohorts, examples): (Vec<MemberCohort>, Vec<String>) =
        store.group_cohorts(team, &group.id).await?.into_iter().unzip();
    let people = async |predicate: fn(&MappingOutcome) -> bool| {
        let matching: Vec<MemberCohort> =
            cohorts.iter().filter(|cohort| predicate(&cohort.outcome(step))).copied().collect();
        // Active members come first. Without active members, the preview names members who gain the role later.
        let (now, later): (Vec<MemberCohort>, Vec<MemberCohort>) =
            matching.into_iter().partition(|cohort| cohort.active);
        let matching = if now.is_empty() { later } else { now };
        store.group_people(team, &group.id, &matching, NAMED).await
    };
    Ok(Preview {
        to,
        impact: MappingImpact::of(&cohorts, step),
        gain: people(|outcome| outcome.gains).await?,
        lose: people(|outcome| outcome.loses).await?,
        denial: review(authority, step, &cohorts).err().map(|denial| denial.about(&examples)),
    })
}

/// The notice from the entry of the change, because its effect may differ from the preview's.
pub(super) async fn notice(store: &Store, team: &TeamId, entry: &ActivityId) -> Result<Option<String>, StoreError> {
    let change = store.activity_entry(team, entry).await?.map(|entry| entry.change);
    Ok(match change {
        Some(Change::GroupMapped { from, to, gained, lost, .. }) => {
            Some(format!("Role saved: {}.", RoleChange { from, to }.summary(gained, lost)))
        }
        _ => None,
    })
}
