//! One change for several members: they are chosen in the table, and the form stands under it.

use crate::{
    components::{icon::Icon, toolbar::Choice},
    model::MemberQuery,
    resume,
};
use domain::role::Role;
use leptos::prelude::*;

/// The `id` of the form that the boxes in the table belong to.
const FORM: &str = "bulk";

/// The box that chooses a member.
#[component]
pub(super) fn Choose(
    /// The member's id.
    id: String,
    /// The member's name.
    name: String,
    /// Is it chosen?
    is_chosen: bool,
) -> impl IntoView {
    view! {
        <label class="choose">
            <input type="checkbox" form=FORM name="member" value=id checked=is_chosen/>
            <span class="vh">"Choose " {name}</span>
        </label>
    }
}

/// The form under the table.
#[component]
pub(super) fn Bulk(
    /// The list's path.
    path: String,
    /// What the list shows, to come back to it.
    query: MemberQuery,
    /// The role that is chosen.
    role: Option<Role>,
) -> impl IntoView {
    let roles = Role::ALL.map(|role| (role.name(), role.label()));
    let chosen = role.unwrap_or(Role::Developer).name();
    view! {
        <form class="card-foot" id=FORM method="post" action=[&path, "/roles"].concat() aria-label="Chosen members">
            <input type="hidden" name="query" value=resume::write(&query.pairs())/>
            <span>
                <Icon name="people"/>
                "Chosen members"
            </span>
            <Choice name="role" label="Role for the chosen members" options=roles.to_vec() chosen=Some(chosen)/>
            <button class="btn" name="do" value="give">
                "Give role"
            </button>
            <button class="btn" name="do" value="take">
                "Take role away"
            </button>
        </form>
    }
}
