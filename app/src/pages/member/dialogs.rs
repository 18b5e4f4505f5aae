//! Dialogs with the consequences of each action.

use crate::{
    components::{dialog::FormDialog, field::FieldNote, notice::Alert},
    forms::{Check, Rule},
    model::{Adoption, MemberAction, MemberPage, MemberSso},
};
use domain::{
    member::MemberStatus,
    role::{Role, Roles},
    sso::SsoMethod,
    validation::field_error::Field,
};
use leptos::prelude::*;

#[component]
pub(super) fn MemberDialogs(
    data: MemberPage,
    /// The page's path. The action's URL is below it.
    path: String,
) -> impl IntoView {
    let is_invited = data.status == MemberStatus::Invited;
    let can_allow = data.adoption == Some(Adoption::NeedsConsent);
    let is_linked = data.sso.iter().any(|sso| sso.link.is_some());
    let fits = move |action: &MemberAction| match action {
        MemberAction::Unlink => is_linked,
        MemberAction::Resend | MemberAction::CancelInvite => is_invited,
        MemberAction::AllowAdoption => can_allow,
        _ => true,
    };
    MemberAction::ALL
        .into_iter()
        .filter(fits)
        // A disabled action has no dialog.
        .filter(|action| data.blocked(*action).is_none())
        .map(|action| {
            let open = data.open == Some(action);
            let problem = data.problem.clone().filter(|_| open);
            let (name, data, path) = (data.name.clone(), data.clone(), path.clone());
            let selected = data.selected_roles.clone().unwrap_or_else(|| data.own_roles.iter().collect());
            let words = Words::of(action);
            let id = action.name();
            view! {
                <FormDialog
                    id=id
                    open=open
                    check=check(action)
                    action=[&path, "/", id].concat()
                    title=view! { {words.title} " " {name} {words.end} }.into_any()
                    lead=words.lead
                    button=words.button
                    danger=words.danger
                    careful=words.danger
                    start=open && !words.danger
                >
                    <Alert why=problem/>
                    {(action == MemberAction::Unlink)
                        .then(|| view! { <LinkChoices sso=data.sso.clone() selected=data.selected_method.clone()/> })}
                    {(action == MemberAction::Roles).then(|| view! { <RoleChoices selected=selected own=data.own_roles locked=data.locked/> })}
                </FormDialog>
            }
        })
        .collect_view()
}

fn check(action: MemberAction) -> Option<Check> {
    match action {
        MemberAction::Roles => Some(Check::new(Rule::Roles)),
        MemberAction::Unlink => Some(Check::new(Rule::Choice).knows("field", Field::Id.name())),
        _ => None,
    }
}

/// The SSO methods with a link: a choice if there are several.
#[component]
fn LinkChoices(sso: Vec<MemberSso>, selected: Option<String>) -> impl IntoView {
    let linked: Vec<SsoMethod> = sso.into_iter().filter(|sso| sso.link.is_some()).map(|sso| sso.method).collect();
    let name = Field::Id.name();
    if let [only] = linked.as_slice() {
        return view! { <input type="hidden" name=name value=only.id.to_string()/> }.into_any();
    }
    let choice = |method: SsoMethod| {
        let checked = selected.as_deref() == Some(method.id.as_str());
        view! {
            <label>
                <input type="radio" name=name value=method.id.to_string() checked=checked/>
                {method.name}
            </label>
        }
    };
    view! {
        <fieldset class="field">
            <legend>"SSO method"</legend>
            <div class="field-choices">{linked.into_iter().map(choice).collect_view()}</div>
            <FieldNote id="unlink.id.note".to_owned() name=name problem=None/>
        </fieldset>
    }
    .into_any()
}

/// The `id` of the reasons that some roles are disabled.
const LOCKED: &str = "roles-locked";

#[component]
fn RoleChoices(
    selected: Vec<Role>,
    own: Roles,
    /// The disabled roles, with the reasons.
    locked: Vec<(Role, String)>,
) -> impl IntoView {
    let mut reasons: Vec<String> = locked.iter().map(|(_, why)| why.clone()).collect();
    reasons.dedup();
    let choice = |role: Role| {
        let is_locked = locked.iter().any(|(one, _)| *one == role);
        let checked = if is_locked { own.contains(role) } else { selected.contains(&role) };
        view! {
            <label>
                <input
                    type="checkbox"
                    name="role"
                    value=role.name()
                    checked=checked
                    disabled=is_locked
                    aria-describedby=is_locked.then_some(LOCKED)
                />
                {role.label()}
            </label>
            // Browsers do not send a disabled box.
            {(is_locked && checked).then(|| view! { <input type="hidden" name="role" value=role.name()/> })}
        }
    };
    let choices = Role::ALL.into_iter().map(choice).collect_view();
    view! {
        <fieldset class="field">
            <legend>"Roles assigned manually"</legend>
            <div class="field-choices">
                {choices}
            </div>
            <FieldNote id="roles.role.note".to_owned() name="role" problem=None/>
            {(!reasons.is_empty()).then(|| view! { <p class="hint" id=LOCKED>{reasons.join(" ")}</p> })}
        </fieldset>
    }
}

/// The texts of a dialog.
struct Words {
    title: &'static str,
    /// The end of the title: a question mark for a question, nothing for the name of a task.
    end: &'static str,
    lead: &'static str,
    button: &'static str,
    danger: bool,
}

impl Words {
    const fn of(action: MemberAction) -> Self {
        match action {
            MemberAction::Roles => Words {
                title: "Change roles for",
                end: "",
                lead: "Roles from groups don't change. Takes effect on the next page they open.",
                button: "Save roles",
                danger: false,
            },
            MemberAction::SignOut => Words {
                title: "Sign out",
                end: "?",
                lead: "Ends all their sessions in this team. They can sign in again right away.",
                button: "Sign out everywhere",
                danger: false,
            },
            MemberAction::Unlink => Words {
                title: "Remove the link of",
                end: "?",
                lead: "They stay signed in where they are. Their next sign-in through the SSO method links them again.",
                button: "Remove link",
                danger: false,
            },
            MemberAction::Deactivate => Words {
                title: "Deactivate",
                end: "?",
                lead: "They'll be signed out everywhere and can't sign in. Their roles, groups, and profile are kept.",
                button: "Deactivate member",
                danger: true,
            },
            MemberAction::Reactivate => Words {
                title: "Reactivate",
                end: "?",
                lead: "They can sign in again with their current roles and groups.",
                button: "Reactivate member",
                danger: false,
            },
            MemberAction::Remove => Words {
                title: "Remove",
                end: "?",
                lead: "They'll be signed out everywhere and removed from the team and all its groups. Their roles and password end. If they come back, they're a Developer without a password.",
                button: "Remove member",
                danger: true,
            },
            MemberAction::AllowAdoption => Words {
                title: "Let the identity provider manage",
                end: "?",
                lead: "From its next sync on, your identity provider manages this person's name, emails, and membership. Their roles and password don't change. Only confirm this if the provider has the same person.",
                button: "Let it manage this member",
                danger: false,
            },
            MemberAction::Resend => Words {
                title: "Create a new invite link for",
                end: "?",
                lead: "The previous link stops working immediately. The new one is shown once and expires in 7 days.",
                button: "Create link",
                danger: false,
            },
            MemberAction::CancelInvite => Words {
                title: "Revoke the invite for",
                end: "?",
                lead: "The link stops working immediately and they're removed from the list. You can invite them again.",
                button: "Revoke invite",
                danger: true,
            },
        }
    }
}
