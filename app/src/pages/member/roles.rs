//! What a member may do, and why: each role with where it comes from.

use super::dialogs::Opens;
use crate::model::{Group, MemberAction};
use domain::role::{self, Role};
use leptos::prelude::*;

/// The roles with their reasons.
#[component]
pub(super) fn Roles(
    /// The roles given by hand.
    own: role::Roles,
    /// The member's groups.
    groups: Vec<Group>,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="role-list">
            <div class="card-head">
                <div>
                    <h2 id="role-list">"Roles"</h2>
                    <p>"Roles given by hand and roles from groups count together. Provisioning changes only those from groups."</p>
                </div>
                <Opens action=MemberAction::Roles class="btn" label="Change roles"/>
            </div>
            <ul class="rows" aria-label="Roles and where they come from">
                {reasons(own, &groups)
                    .into_iter()
                    .map(|(role, reason)| {
                        view! {
                            <li class="row">
                                <span class="grow">
                                    <b>{role.label()}</b>
                                    {", "}
                                    {reason}
                                </span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

/// Every role with every reason, the most powerful first: "given by hand", "from group IT".
fn reasons(own: role::Roles, groups: &[Group]) -> Vec<(Role, String)> {
    let mut reasons = Vec::new();
    for role in Role::ALL {
        if own.contains(role) {
            reasons.push((role, "given by hand".to_owned()));
        }
        let giving = groups.iter().filter(|group| group.role == Some(role));
        reasons.extend(giving.map(|group| (role, ["from group ", &group.name].concat())));
    }
    reasons
}

/// The groups.
#[component]
pub(super) fn Groups(groups: Vec<Group>) -> impl IntoView {
    let none = groups.is_empty();
    view! {
        <section class="card" aria-labelledby="groups">
            <div class="card-head">
                <div>
                    <h2 id="groups">"Groups"</h2>
                    <p>"An identity provider decides who is in a group."</p>
                </div>
            </div>
            {none.then(|| view! { <div class="row-block muted">"In no group."</div> })}
            {(!none)
                .then(|| {
                    view! {
                        <ul class="rows" aria-labelledby="groups">
                            {groups
                                .into_iter()
                                .map(|group| {
                                    view! {
                                        <li class="row">
                                            <span class="grow">{group.name}</span>
                                            {group
                                                .role
                                                .map(|role| view! { <span class="hint">"gives " {role.label()}</span> })}
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
        let group = |name: &str, role| Group { name: name.into(), role };
        let groups = [group("IT", Some(Role::Admin)), group("Data", None), group("Ops", Some(Role::Admin))];
        let said: Vec<String> = reasons(role::Roles::from_bits(12), &groups)
            .into_iter()
            .map(|(role, reason)| [role.label(), ", ", &reason].concat())
            .collect();
        assert_eq!(
            said,
            ["Super Admin, given by hand", "Admin, given by hand", "Admin, from group IT", "Admin, from group Ops"]
        );
    }
}
