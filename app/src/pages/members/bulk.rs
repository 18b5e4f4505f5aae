//! One change for several members: they are chosen in the table, and the form stands under it. What it would do to whom is
//! asked about before it is done.

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
/// The `id` of the reason why no one is made Super Admin.
const CEILING: &str = "bulk-ceiling";
/// The `id` of the dialog.
const ASK: &str = "several";

/// The box that chooses a member.
#[component]
pub(super) fn Choose(
    /// The member's id.
    id: String,
    /// The member's name.
    name: String,
    /// Is it chosen?
    is_chosen: bool,
    /// May the reader choose?
    may_choose: bool,
) -> impl IntoView {
    view! {
        <label class="choose">
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
            <span class="vh">"Select " {name}</span>
        </label>
    }
}

/// The box that chooses all members of the page; it needs the page's script, which shows it.
#[component]
pub(super) fn ChooseAll() -> impl IntoView {
    view! {
        <label class="choose" hidden=true>
            <input type="checkbox" data-all=FORM autocomplete="off"/>
            <span class="vh">"Select all members on this page"</span>
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
    /// May the reader change members?
    may_manage: bool,
    /// May the reader make Super Admins?
    may_change_super_admins: bool,
) -> impl IntoView {
    let chosen = role.unwrap_or(Role::Developer);
    let bounded = may_manage && !may_change_super_admins;
    let note = bounded.then_some(CEILING).or((!may_manage).then_some(LEAD));
    view! {
        <Form
            class="card-foot bulk"
            id=FORM
            action=[&path, "/roles"].concat()
            label="Change roles"
            resets=true
            check=Check::new(Rule::ChosenMembers)
        >
            <input type="hidden" name="query" value=form_encoding::write(&query.pairs())/>
            // The head of the table, which has this box, is not seen where the table is stacked.
            {may_manage.then(|| view! { <ChooseAll/> })}
            <span>
                <Icon name="people"/>
                <span data-chosen=FORM aria-live="polite">"Select members to change roles"</span>
            </span>
            <span class="select">
                <select
                    class="input"
                    name="role"
                    aria-label="Role for selected members"
                    disabled=!may_manage
                    aria-describedby=note
                >
                    <RoleOptions roles=Role::ALL chosen=Some(chosen) closed=bounded.then_some(Role::SuperAdmin)/>
                </select>
                <Icon name="down"/>
            </span>
            <button class="btn" name="do" value="give" disabled=!may_manage aria-describedby=(!may_manage).then_some(LEAD)>
                "Assign role"
            </button>
            <button class="btn" name="do" value="take" disabled=!may_manage aria-describedby=(!may_manage).then_some(LEAD)>
                "Remove role"
            </button>
            {bounded.then(|| view! { <small class="hint" id=CEILING>"Only a Super Admin can assign or remove Super Admin."</small> })}
            {(!may_manage).then(|| view! { <small class="hint">"Only Admins and Super Admins can change roles."</small> })}
        </Form>
    }
}

/// What is asked before it is done: who would be changed, and how.
#[component]
pub(super) fn Ask(
    /// What it would do.
    effect: BulkEffect,
    /// The list's path.
    path: String,
    /// What the list shows, to come back to it.
    query: MemberQuery,
) -> impl IntoView {
    let BulkEffect { give, role, lines } = effect;
    let (mut changes, mut same) = (Vec::new(), Vec::new());
    let ids: Vec<String> = lines.iter().map(|line| line.id.to_string()).collect();
    for line in lines {
        match words(&line.what, role) {
            Some(words) => changes.push((line.name, words)),
            None => same.push(line.name),
        }
    }
    let count = changes.len();
    let who =
        [thousands(i64::try_from(count).unwrap_or_default()).as_str(), if count == 1 { " member" } else { " members" }]
            .concat();
    let title = match give {
        true => format!("Assign {} to {who}?", role.label()),
        false => format!("Remove {} from {who}?", role.label()),
    };
    view! {
        <FormDialog
            id=ASK
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
                    view! { <p class="muted">{verb} {role.label()} " manually: " {same.join(", ")} "."</p> }
                })}
        </FormDialog>
    }
}

/// Why no one is changed: who of them cannot be. They are still selected, so that the reader can take them out.
#[component]
pub(super) fn Refusals(
    /// Their names, and why.
    refused: Vec<(String, String)>,
) -> impl IntoView {
    let refused: Vec<(String, String)> = refused.into_iter().map(|(name, why)| (name, [&why, "."].concat())).collect();
    view! {
        <Banner tone="danger" role="alert">
            "Some of these members can't be changed, so no one will be. Deselect them and try again."
            <Each of=refused/>
        </Banner>
    }
}

/// One line for each of them: the name, and what there is to say.
#[component]
fn Each(of: Vec<(String, String)>) -> impl IntoView {
    let item = |(name, words)| view! { <li><b>{name}</b> ": " {words}</li> };
    view! { <ul class="effects">{of.into_iter().map(item).collect_view()}</ul> }
}

/// What would happen to one of them; nothing if nothing would.
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
