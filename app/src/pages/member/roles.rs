//! What a member may do, and why: each role with where it comes from.

use crate::{
    components::dialog::OpenDialog,
    model::{Group, MemberAction},
};
use domain::role::{self, Role};
use leptos::prelude::*;

/// The `id` of the reason why they cannot be changed.
const REASON: &str = "roles-reason";

/// The roles with their reasons.
#[component]
pub(super) fn Roles(
    /// The roles assigned manually.
    own: role::Roles,
    /// Did no one give them?
    is_default: bool,
    /// The member's groups.
    groups: Vec<Group>,
    /// The Groups page's path.
    path: String,
    /// Why the reader cannot change them.
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

/// Every role with every reason, the most powerful first: none is "assigned manually", else the group that gives it.
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

/// A group's name, which leads to its page.
#[component]
fn Link(group: Group, path: String) -> impl IntoView {
    view! { <a href=[&path, "/", &group.id].concat()>{group.name}</a> }
}

/// The groups.
#[component]
pub(super) fn Groups(groups: Vec<Group>, path: String) -> impl IntoView {
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
        let said: Vec<String> = reasons(role::Roles::from_bits(12), &groups)
            .into_iter()
            .map(|(role, group)| {
                let reason =
                    group.map_or("assigned manually".to_owned(), |group| ["from group ", &group.name].concat());
                [role.label(), ", ", &reason].concat()
            })
            .collect();
        assert_eq!(
            said,
            [
                "Super Admin, assigned manually",
                "Admin, assigned manually",
                "Admin, from group IT",
                "Admin, from group Ops"
            ]
        );
    }
}
