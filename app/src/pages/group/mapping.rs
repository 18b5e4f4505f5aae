//! The role that the group gives. A choice leads to a preview, and the preview to the change.

use super::preview::MappingPreview;
use crate::{
    components::{icon::Icon, role_options::RoleOptions},
    forms::{Check, Rule},
    model::GroupPage,
};
use domain::{
    group_role::{NO_ROLE, mappable},
    role::Role,
};
use leptos::prelude::*;

/// The role, the choice of another one, and the preview of the change.
#[component]
pub(super) fn Mapping(data: GroupPage, path: String, people: String) -> impl IntoView {
    let gives = match data.role {
        Some(role) => view! { "Everyone in this group gets the " <b>{role.label()}</b> " role." }.into_any(),
        None => "This group doesn't assign a role.".into_any(),
    };
    let selected = data.preview.as_ref().map_or(data.role, |preview| preview.to);
    let roles: Vec<Role> = mappable().collect();
    let (preview, unchanged) = match data.preview.clone() {
        Some(preview) if data.change(preview.to).is_none() => (None, true),
        preview => (preview, false),
    };
    view! {
        <section class="card" aria-labelledby="mapping">
            <div class="card-head">
                <div>
                    <h2 id="mapping">"Role"</h2>
                    <p data-testid="group-role">
                        {gives}
                        " Roles assigned manually still apply and never change. Groups can't assign Super Admin."
                    </p>
                </div>
            </div>
            <div class="row-block">
                <form class="toolbar" method="get" action=[&path, "#mapping"].concat() aria-labelledby="mapping" autocomplete="off" data-check=Check::new(Rule::GroupRole).write()>
                    <label for="mapping-role">"Role for everyone in this group"</label>
                    <span class="select">
                        <select class="input" id="mapping-role" name=GroupPage::ROLE aria-describedby="mapping-hint">
                            <option value=NO_ROLE selected=selected.is_none()>
                                "No role"
                            </option>
                            <RoleOptions roles=roles selected=selected disabled_role=None/>
                        </select>
                        <Icon name="down"/>
                    </span>
                    <button class="btn">"Preview"</button>
                    <span class="hint" id="mapping-hint">
                        "Shows who would be affected. Nothing changes yet."
                    </span>
                </form>
            </div>
            // Always there, because only what changes in a place that exists is announced.
            <div role="status">
                {unchanged.then(|| view! { <p class="row-block" data-testid="mapping-unchanged">"No change. The group already assigns this."</p> })}
            </div>
            {preview.map(|preview| view! { <MappingPreview data=data preview=preview path=path people=people/> })}
        </section>
    }
}
