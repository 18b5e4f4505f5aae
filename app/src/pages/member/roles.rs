//! The roles of a member, each with its source.

use crate::{
    components::dialog::OpenDialog,
    model::{Group, MemberAction},
};
use domain::role::{self, Role};
use leptos::prelude::*;

/// The `id` of the reason that the roles cannot be changed.
const REASON: &str = "roles-reason";

/// The roles with their sources.
#[component]
pub(super) fn RoleCard(
    own: role::Roles,
    /// Is it the role that every provisioned member has?
    is_default: bool,
    groups: Vec<Group>,
    path: String,
    /// The reason that the reader cannot change them.
    #[prop(optional_no_strip)]
    blocked: Option<String>,
) -> impl IntoView {
    let describes = blocked.is_some().then_some(REASON);
    view! {
        <section class="card" aria-labelledby="role-list">
            <div class="card-head">
                <div>
                    <h2 id="role-list">"Roles"</h2>
                    <p>"A member has every role assigned manually plus every role from their groups. Provisioning only changes roles from groups."</p>
                    {blocked.map(|reason| view! { <p id=REASON>{reason}</p> })}
                </div>
                <OpenDialog dialog=MemberAction::Roles.name() class="btn" label="Change roles" blocked=describes/>
            </div>
            <ul class="rows" aria-label="Roles and where they come from">
                {reasons(own, &groups)
                    .into_iter()
                    .map(|(role, reason)| {
                        let from = match reason {
                            None if is_default => "role-default",
                            None => "role-manual",
                            Some(_) => "role-group",
                        };
                        view! {
                            <li class="row" data-testid=from>
                                <span class="grow">
                                    <b>{role.label()}</b>
                                    {", "}
                                    {match reason {
                                        None if is_default => "default".into_any(),
                                        None => "assigned manually".into_any(),
                                        Some(group) => view! { "from group " <Link group=group path=path.clone()/> }.into_any(),
                                    }}
                                </span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

/// Every role with every source, the most powerful first. `None` is a manual role, otherwise it is the group that gives
/// it.
fn reasons(own: role::Roles, groups: &[Group]) -> Vec<(Role, Option<Group>)> {
    let mut reasons = Vec::new();
    for role in Role::ALL {
        if own.contains(role) {
            reasons.push((role, None));
        }
        let giving = groups.iter().filter(|group| group.role == Some(role));
        reasons.extend(giving.map(|group| (role, Some(group.clone()))));
    }
    reasons
}

/// A group's name with a link to its page.
#[component]
fn Link(group: Group, path: String) -> impl IntoView {
    view! { <a href=[&path, "/", &group.id].concat()>{group.name}</a> }
}

#[component]
pub(super) fn MemberGroups(groups: Vec<Group>, path: String) -> impl IntoView {
    let none = groups.is_empty();
    view! {
        <section class="card" aria-labelledby="groups">
            <div class="card-head">
                <div>
                    <h2 id="groups">"Groups"</h2>
                    <p>"Your identity provider manages group membership."</p>
                </div>
            </div>
            {none.then(|| view! { <div class="row-block muted">"Not in any groups."</div> })}
            {(!none)
                .then(|| {
                    view! {
                        <ul class="rows" aria-labelledby="groups">
                            {groups
                                .into_iter()
                                .map(|group| {
                                    let role = group.role;
                                    view! {
                                        <li class="row">
                                            <span class="grow">
                                                <Link group=group path=path.clone()/>
                                            </span>
                                            {role
                                                .map(|role| view! { <span class="hint">"assigns " {role.label()}</span> })}
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                    }
                })}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_every_reason() {
        let group = |name: &str, role| Group { id: name.into(), name: name.into(), role };
        let groups = [group("IT", Some(Role::Admin)), group("Data", None), group("Ops", Some(Role::Admin))];
        let texts: Vec<String> = reasons(role::Roles::from_bits(160), &groups)
            .into_iter()
            .map(|(role, group)| {
                let reason =
                    group.map_or("assigned manually".to_owned(), |group| ["from group ", &group.name].concat());
                [role.label(), ", ", &reason].concat()
            })
            .collect();
        assert_eq!(
            texts,
            [
                "Super Admin, assigned manually",
                "Admin, assigned manually",
                "Admin, from group IT",
                "Admin, from group Ops"
            ]
        );
    }
}
