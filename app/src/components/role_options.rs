//! Roles to choose from.

use domain::role::Role;
use leptos::prelude::*;

/// The options of a `<select>`.
#[component]
pub(crate) fn RoleOptions(
    /// In their order.
    #[prop(into)]
    roles: Vec<Role>,
    /// The one that is chosen.
    chosen: Option<Role>,
    /// The one that cannot be chosen here.
    #[prop(optional_no_strip)]
    closed: Option<Role>,
) -> impl IntoView {
    let option = move |role: Role| {
        view! {
            <option value=role.name() selected=chosen == Some(role) disabled=closed == Some(role)>
                {role.label()}
            </option>
        }
    };
    roles.into_iter().map(option).collect_view()
}
