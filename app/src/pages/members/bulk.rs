//! One change of several members. They are selected in the table, and the form is under it. A preview shows the effects
//! before the change.

use crate::{
    components::{
        banner::Banner, dialog::FormDialog, form::Form, head::LEAD, icon::Icon, number::thousands,
        role_options::RoleOptions,
    },
    form_encoding,
    forms::{Check, Rule},
    model::{BulkEffect, BulkWhat, MemberQuery},
};
use domain::role::Role;
use leptos::prelude::*;

/// The `id` of the form that the boxes in the table belong to.
const FORM: &str = "bulk";
/// The `id` of the reason that the reader cannot give the role Super Admin.
const SUPER_ADMIN_REASON: &str = "bulk-ceiling";
const PREVIEW: &str = "several";

/// The box that selects a member.
#[component]
pub(super) fn Choose(
    id: String,
    name: String,
    is_chosen: bool,
    /// May the reader select members?
    may_choose: bool,
) -> impl IntoView {
    view! {
        <label class="table-select">
            <input
                type="checkbox"
                form=FORM
                name="member"
                value=id
                checked=is_chosen
                disabled=!may_choose
                aria-describedby=(!may_choose).then_some(LEAD)
                autocomplete="off"
            />
            <span class="visually-hidden">"Select " {name}</span>
        </label>
    }
}

/// The box that selects all members of the page. The page's script shows it, because it does nothing without.
#[component]
pub(super) fn ChooseAll() -> impl IntoView {
    view! {
        <label class="table-select" hidden=true>
            <input type="checkbox" data-all=FORM autocomplete="off"/>
            <span class="visually-hidden">"Select all members on this page"</span>
        </label>
    }
}

#[component]
pub(super) fn BulkForm(
    path: String,
    /// The query of the list, for the way back.
    query: MemberQuery,
    role: Option<Role>,
    may_manage: bool,
    /// May the reader give the role Super Admin?
    may_change_super_admins: bool,
) -> impl IntoView {
    let selected = role.unwrap_or(Role::Developer);
    let bounded = may_manage && !may_change_super_admins;
    let note = bounded.then_some(SUPER_ADMIN_REASON).or((!may_manage).then_some(LEAD));
    view! {
        <Form
            class="card-foot bulk-change"
            id=FORM
            action=[&path, "/roles"].concat()
            label="Change roles"
            resets=true
            check=Check::new(Rule::ChosenMembers)
        >
            <input type="hidden" name="query" value=form_encoding::write(&query.pairs())/>
            // The table's head, which has this box, is hidden when the table is stacked.
            {may_manage.then(|| view! { <ChooseAll/> })}
            <span>
                <Icon name="people"/>
                <span data-selected-count=FORM aria-live="polite">"Select members to change roles"</span>
            </span>
            <span class="select">
                <select
                    class="input"
                    name="role"
                    aria-label="Role for selected members"
                    disabled=!may_manage
                    aria-describedby=note
                >
                    <RoleOptions roles=Role::ALL selected=Some(selected) disabled_role=bounded.then_some(Role::SuperAdmin)/>
                </select>
                <Icon name="down"/>
            </span>
            <button class="btn" name="do" value="give" disabled=!may_manage aria-describedby=(!may_manage).then_some(LEAD)>
                "Assign role"
            </button>
            <button class="btn" name="do" value="take" disabled=!may_manage aria-describedby=(!may_manage).then_some(LEAD)>
                "Remove role"
            </button>
            {bounded.then(|| view! { <small class="hint" id=SUPER_ADMIN_REASON>"Only a Super Admin can assign or remove Super Admin."</small> })}
            {(!may_manage).then(|| view! { <small class="hint">"Only Admins and Super Admins can change roles."</small> })}
        </Form>
    }
}

/// The preview of the change: the members and the effects.
#[component]
pub(super) fn BulkRolesPreview(
    effect: BulkEffect,
    path: String,
    /// The query of the list, for the way back.
    query: MemberQuery,
) -> impl IntoView {
    let BulkEffect { give, role, lines } = effect;
    let (mut changes, mut same) = (Vec::new(), Vec::new());
    let ids: Vec<String> = lines.iter().map(|line| line.id.to_string()).collect();
    for line in lines {
        match words(&line.what, role) {
            Some(words) => changes.push((line.name, words, state(&line.what))),
            None => same.push(line.name),
        }
    }
    let count = changes.len();
    let names =
        [thousands(i64::try_from(count).unwrap_or_default()).as_str(), if count == 1 { " member" } else { " members" }]
            .concat();
    let title = match give {
        true => format!("Assign {} to {names}?", role.label()),
        false => format!("Remove {} from {names}?", role.label()),
    };
    view! {
        <FormDialog
            id=PREVIEW
            open=true
            action=[&path, "/roles"].concat()
            title=title.into_any()
            lead="This changes roles assigned manually. It takes effect on the next page they open."
            button=if give { "Assign role" } else { "Remove role" }
            danger=!give
            careful=true
        >
            <input type="hidden" name="query" value=form_encoding::write(&query.pairs())/>
            <input type="hidden" name="role" value=role.name()/>
            <input type="hidden" name="do" value=if give { "give" } else { "take" }/>
            <input type="hidden" name="sure" value="yes"/>
            {ids.into_iter().map(|id| view! { <input type="hidden" name="member" value=id/> }).collect_view()}
            <Each of=changes/>
            {(!same.is_empty())
                .then(|| {
                    let verb = if give { "Already assigned " } else { "Not assigned " };
                    view! { <p class="muted" data-testid="bulk-same">{verb} {role.label()} " manually: " {same.join(", ")} "."</p> }
                })}
        </FormDialog>
    }
}

/// The reason that no member is changed: those who cannot be. They are still selected, so that the reader can remove
/// them.
#[component]
pub(super) fn Refusals(refusals: Vec<(String, String)>) -> impl IntoView {
    let lines = refusals.into_iter().map(|(name, why)| (name, [&why, "."].concat(), "refused")).collect();
    view! {
        <Banner tone="danger" role="alert">
            "Some of these members can't be changed, so no one will be. Deselect them and try again."
            <Each of=lines/>
        </Banner>
    }
}

/// One line for each member: the name and the text.
#[component]
fn Each(of: Vec<(String, String, &'static str)>) -> impl IntoView {
    let item =
        |(name, words, state)| view! { <li data-testid=["bulk-", state].concat()><b>{name}</b> ": " {words}</li> };
    view! { <ul class="effect-list">{of.into_iter().map(item).collect_view()}</ul> }
}

/// The effect on one of them, for tests.
const fn state(what: &BulkWhat) -> &'static str {
    match what {
        BulkWhat::Nothing => "same",
        BulkWhat::Gets => "gets",
        BulkWhat::Loses { falls_back: false } => "loses",
        BulkWhat::Loses { falls_back: true } => "falls-back",
        BulkWhat::Keeps { .. } => "keeps",
    }
}

/// What would happen to one of them; `None` without an effect.
fn words(what: &BulkWhat, role: Role) -> Option<String> {
    let back = |falls_back: &bool| if *falls_back { ", and becomes Developer" } else { "" };
    Some(match what {
        BulkWhat::Nothing => return None,
        BulkWhat::Gets => format!("becomes {}", role.label()),
        BulkWhat::Loses { falls_back } => format!("is no longer {}{}", role.label(), back(falls_back)),
        BulkWhat::Keeps { group, falls_back } => {
            format!(
                "keeps {} through the group {group}{}",
                role.label(),
                if *falls_back { "; their manually assigned role becomes Developer" } else { "" }
            )
        }
    })
}
