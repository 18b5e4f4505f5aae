//! The preview of a change of several members' roles.

use crate::{
    auth::SignedIn,
    service::RoleEdit,
    web::request::{PageError, PageRequest, value},
};
use app::{
    model::{BulkChange, BulkEffect, BulkLine, BulkWhat},
    return_to,
};
use domain::{
    id::{MemberId, TeamId},
    member::{MAX_BULK, MemberDenial, MemberEffect, Subject, review},
    role::Role,
    validation::text::fold,
};
use store::{MemberFilter, MemberRow, MemberStatus, Store, StoreError};

/// The `id` of the confirmation dialog.
pub(super) const ASK: &str = "several";

/// The team's members with these ids, sorted by name.
pub(super) async fn selected_members(
    store: &Store,
    team: &TeamId,
    ids: &[String],
) -> Result<Vec<MemberRow>, StoreError> {
    let ids: Vec<MemberId> = ids.iter().take(MAX_BULK).map(MemberId::new).collect();
    let mut rows = store.members_rows(team, &ids.iter().collect::<Vec<_>>()).await?;
    rows.sort_by_cached_key(|row| (fold(&row.name), row.id.clone()));
    Ok(rows)
}

/// The effect of the change that an address describes.
pub(super) enum BulkPreview {
    /// The address describes no change.
    Nothing,
    /// To be confirmed first.
    About(BulkEffect),
    /// The rule does not allow the change of these members, so no member is changed: their names and the reasons.
    Refused(Vec<(String, String)>),
    /// All members have these roles already.
    Unchanged,
}

/// The effect of the change that an address describes.
pub(super) async fn preview(
    request: &PageRequest,
    signed_in: &SignedIn,
    pairs: &[(String, String)],
    bulk: &BulkChange,
) -> Result<BulkPreview, PageError> {
    let asks = value(pairs, return_to::DIALOG).as_deref() == Some(ASK) && signed_in.role().manages_authentication();
    let give = match value(pairs, "do").as_deref() {
        Some("give") => true,
        Some("take") => false,
        _ => return Ok(BulkPreview::Nothing),
    };
    let (Some(role), true) = (bulk.role, asks && !bulk.selected_ids.is_empty()) else {
        return Ok(BulkPreview::Nothing);
    };
    let (store, team) = (&request.state.store, &signed_in.me.team.id);
    let rows = selected_members(store, team, &bulk.selected_ids).await?;
    let ids: Vec<&MemberId> = rows.iter().map(|row| &row.id).collect();
    let groups = store.members_groups(team, &ids, 0).await?;
    let is_only = match role == Role::SuperAdmin && !give {
        true => {
            let active =
                MemberFilter { status: Some(MemberStatus::Active), role: Some(role), ..MemberFilter::default() };
            store.members_count(team, &active, 2).await? < 2
        }
        false => false,
    };
    let change = if give { RoleEdit::Give(role) } else { RoleEdit::Take(role) };
    let (mut lines, mut rejections) = (Vec::new(), Vec::new());
    for row in rows {
        let by =
            groups.get(&row.id).and_then(|groups| groups.give.iter().find(|(role_of_group, _)| *role_of_group == role));
        match effect(signed_in.role(), &row, change, is_only, by.map(|(_, name)| name.as_str())) {
            Ok(effect) => lines.push(BulkLine { id: row.id, name: row.name, what: effect }),
            Err(denial) => rejections.push((row.name, denial.to_string())),
        }
    }
    Ok(match (rejections.is_empty(), lines.iter().all(|line| line.what == BulkWhat::Nothing)) {
        (false, _) => BulkPreview::Refused(rejections),
        (true, true) => BulkPreview::Unchanged,
        (true, false) => BulkPreview::About(BulkEffect { give, role, lines }),
    })
}

/// The effect on one member. `is_only`: the team has one active Super Admin. `group`: a group that also gives the role.
fn effect(
    authority: Role,
    row: &MemberRow,
    change: RoleEdit,
    is_only: bool,
    group: Option<&str>,
) -> Result<BulkWhat, MemberDenial> {
    let to = change.apply(row.own_roles);
    if to == row.own_roles {
        return Ok(BulkWhat::Nothing);
    }
    let active = row.status == MemberStatus::Active;
    let subject = Subject {
        roles: row.roles(),
        active,
        break_glass: row.break_glass,
        last_super_admin: is_only && active && row.own_roles.contains(Role::SuperAdmin),
    };
    let effective = row.group_roles.map_or(to, |given| to.union(given));
    review(authority, subject, MemberEffect::Roles(effective))?;
    let falls_back = !row.own_roles.contains(Role::Developer) && to == Role::Developer.into();
    Ok(match (change, group) {
        (RoleEdit::Take(_), Some(group)) => BulkWhat::Keeps { group: group.to_owned(), falls_back },
        (RoleEdit::Take(_), None) => BulkWhat::Loses { falls_back },
        _ => BulkWhat::Gets,
    })
}
