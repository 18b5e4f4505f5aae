//! What a change does, before it is done: a dialog for each.

use crate::{
    components::{plain_dialog::PlainDialog, said::Refused},
    model::{Adoption, MemberAction, MemberPage, MemberStatus},
};
use domain::role::{Role, Roles};
use leptos::prelude::*;

/// All dialogs of the page.
#[component]
pub(super) fn Dialogs(
    /// The member.
    data: MemberPage,
    /// The page's path; what is done has its own below it.
    path: String,
) -> impl IntoView {
    let is_invited = data.status == MemberStatus::Invited;
    let can_allow = data.adoption == Some(Adoption::NeedsConsent);
    let fits = move |action: &MemberAction| match action {
        MemberAction::Resend | MemberAction::CancelInvite => is_invited,
        MemberAction::AllowAdoption => can_allow,
        _ => true,
    };
    MemberAction::ALL
        .into_iter()
        .filter(fits)
        // What cannot be done here is not asked about.
        .filter(|action| data.blocked(*action).is_none())
        .map(|action| {
            let open = data.open == Some(action);
            let problem = data.problem.clone().filter(|_| open);
            let (name, data, path) = (data.name.clone(), data.clone(), path.clone());
            let chosen = data.chosen.clone().unwrap_or_else(|| data.own_roles.iter().collect());
            let words = Words::of(action);
            let id = action.name();
            view! {
                <PlainDialog
                    id=id
                    open=open
                    action=[&path, "/", id].concat()
                    title=view! { {words.title} " " {name} "?" }.into_any()
                    lead=words.lead
                    button=words.button
                    danger=words.danger
                    careful=words.danger
                    start=open && !words.danger
                >
                    <Refused why=problem/>
                    {(action == MemberAction::Roles).then(|| view! { <RoleChoices chosen=chosen own=data.own_roles locked=data.locked/> })}
                </PlainDialog>
            }
        })
        .collect_view()
}

/// The `id` of the reasons why some roles stay as they are.
const LOCKED: &str = "roles-locked";

/// The roles given by hand.
#[component]
fn RoleChoices(
    /// What is ticked.
    chosen: Vec<Role>,
    /// What the member has.
    own: Roles,
    /// What stays as it is, and why.
    locked: Vec<(Role, String)>,
) -> impl IntoView {
    let mut reasons: Vec<String> = locked.iter().map(|(_, why)| why.clone()).collect();
    reasons.dedup();
    let choice = |role: Role| {
        let is_locked = locked.iter().any(|(one, _)| *one == role);
        let checked = if is_locked { own.contains(role) } else { chosen.contains(&role) };
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
            // A box that cannot be changed is not sent.
            {(is_locked && checked).then(|| view! { <input type="hidden" name="role" value=role.name()/> })}
        }
    };
    let choices = Role::ALL.into_iter().map(choice).collect_view();
    view! {
        <fieldset class="field">
            <legend>"Roles given by hand"</legend>
            <div class="choices">
                {choices}
            </div>
            {(!reasons.is_empty()).then(|| view! { <p class="hint" id=LOCKED>{reasons.join(" ")}</p> })}
        </fieldset>
    }
}

/// What a dialog says.
struct Words {
    title: &'static str,
    lead: &'static str,
    button: &'static str,
    danger: bool,
}

impl Words {
    const fn of(action: MemberAction) -> Self {
        match action {
            MemberAction::Roles => Words {
                title: "Change the roles of",
                lead: "Roles that groups give stay as they are. The change counts from the next page on.",
                button: "Save roles",
                danger: false,
            },
            MemberAction::SignOut => Words {
                title: "Sign out",
                lead: "Ends every session of this member in this team. Signing in again is possible at once.",
                button: "Sign out everywhere now",
                danger: false,
            },
            MemberAction::Deactivate => Words {
                title: "Deactivate",
                lead: "Signs the member out everywhere and stops signing in. Roles, groups and profile are kept.",
                button: "Deactivate member",
                danger: true,
            },
            MemberAction::Reactivate => Words {
                title: "Reactivate",
                lead: "Lets the member sign in again, with the roles and groups as they are now.",
                button: "Reactivate member",
                danger: false,
            },
            MemberAction::Remove => Words {
                title: "Remove",
                lead: "Signs the member out everywhere, and takes them out of every group and list of the team. Their roles and \
                       password end: someone who comes back is a Developer without a password.",
                button: "Remove member",
                danger: true,
            },
            MemberAction::AllowAdoption => Words {
                title: "Let the identity provider manage",
                lead: "From its next sync on, your identity provider manages the name, email addresses, and membership of this \
                       person. Roles and password stay. Only confirm this if the provider has the same person.",
                button: "Let it manage this member",
                danger: false,
            },
            MemberAction::Resend => Words {
                title: "Make a new link for",
                lead: "The link that was sent before stops working at once. The new one is shown once, and works for 7 days.",
                button: "Make new link",
                danger: false,
            },
            MemberAction::CancelInvite => Words {
                title: "Cancel the invite of",
                lead: "The link stops working at once, and the person leaves the list. Inviting again is possible.",
                button: "Cancel invite now",
                danger: true,
            },
        }
    }
}
