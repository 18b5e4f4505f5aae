//! Roles to choose from.

use domain::role::Role;
use leptos::prelude::*;

#[component]
pub(crate) fn RoleOptions(
    #[prop(into)] roles: Vec<Role>,
    selected: Option<Role>,
    #[prop(optional_no_strip)] disabled_role: Option<Role>,
) -> impl IntoView {
    let option = move |role: Role| {
        view! {
            <option value=role.name() selected=selected == Some(role) disabled=disabled_role == Some(role)>
                {role.label()}
            </option>
        }
    };
    roles.into_iter().map(option).collect_view()
}
