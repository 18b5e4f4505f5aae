//! What a change of several members' roles would do, before it is done.

use crate::{
    auth::SignedIn,
    service::{MOST_MEMBERS, RoleEdit},
    web::request::{PageError, PageRequest, value},
};
use app::{
    model::{BulkChange, BulkEffect, BulkLine, BulkWhat},
    resume,
};
use domain::{
    id::{MemberId, TeamId},
    member::{MemberEffect, Subject, review},
    role::Role,
    validation::text::fold,
};
use store::{MemberFilter, MemberRow, Status, Store, StoreError};

/// The `id` of the dialog that asks.
pub(in crate::web) const ASK: &str = "several";

/// The members with these ids that the team has, by name.
pub(in crate::web) async fn chosen(store: &Store, team: &TeamId, ids: &[String]) -> Result<Vec<MemberRow>, StoreError> {
    let ids: Vec<MemberId> = ids.iter().take(MOST_MEMBERS).map(MemberId::new).collect();
    let mut rows = store.members_rows(team, &ids.iter().collect::<Vec<_>>()).await?;
    rows.sort_by_cached_key(|row| (fold(&row.name), row.id.clone()));
    Ok(rows)
}

/// What the address asks about.
pub(super) async fn asked(
    visit: &PageRequest,
    signed_in: &SignedIn,
    pairs: &[(String, String)],
    bulk: &BulkChange,
) -> Result<Option<BulkEffect>, PageError> {
    let asks = value(pairs, resume::DIALOG).as_deref() == Some(ASK) && signed_in.role().manages_authentication();
    let give = match value(pairs, "do").as_deref() {
        Some("give") => true,
        Some("take") => false,
        _ => return Ok(None),
    };
    let (Some(role), true) = (bulk.role, asks && !bulk.chosen.is_empty()) else { return Ok(None) };
    let (store, team) = (&visit.state.store, &signed_in.me.team.id);
    let rows = chosen(store, team, &bulk.chosen).await?;
    let ids: Vec<&MemberId> = rows.iter().map(|row| &row.id).collect();
    let groups = store.members_groups(team, &ids, 0).await?;
    let is_only = match role == Role::SuperAdmin && !give {
        true => {
            let active = MemberFilter { status: Some(Status::Active), role: Some(role), ..MemberFilter::default() };
            store.members_count(team, &active, 2).await? < 2
        }
        false => false,
    };
    let change = if give { RoleEdit::Give(role) } else { RoleEdit::Take(role) };
    let lines = rows.into_iter().map(|row| {
        let by = groups.get(&row.id).and_then(|groups| groups.give.iter().find(|(given, _)| *given == role));
        let what = what(signed_in.role(), &row, change, is_only, by.map(|(_, name)| name.as_str()));
        BulkLine { id: row.id, name: row.name, what }
    });
    Ok(Some(BulkEffect { give, role, lines: lines.collect() }))
}

/// What a change would do to one of them. `is_only`: the team has one active Super Admin; `group`: gives them the role too.
fn what(authority: Role, row: &MemberRow, change: RoleEdit, is_only: bool, group: Option<&str>) -> BulkWhat {
    let to = change.apply(row.own_roles);
    if to == row.own_roles {
        return BulkWhat::Nothing;
    }
    let active = row.status == Status::Active;
    let subject = Subject {
        roles: row.roles(),
        active,
        break_glass: row.break_glass,
        last_super_admin: is_only && active && row.own_roles.contains(Role::SuperAdmin),
    };
    let effective = row.group_roles.map_or(to, |given| to.union(given));
    if let Err(denial) = review(authority, subject, MemberEffect::Roles(effective)) {
        return BulkWhat::Refused(denial.to_string());
    }
    let falls_back = !row.own_roles.contains(Role::Developer) && to == Role::Developer.into();
    match (change, group) {
        (RoleEdit::Take(_), Some(group)) => BulkWhat::Keeps { group: group.to_owned(), falls_back },
        (RoleEdit::Take(_), None) => BulkWhat::Loses { falls_back },
        _ => BulkWhat::Gets,
    }
}
