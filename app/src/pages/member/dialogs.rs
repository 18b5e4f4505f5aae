//! What a change does, before it is done: a dialog for each.

use crate::{
    components::{plain_dialog::PlainDialog, said::Refused},
    model::{MemberAction, MemberPage, MemberStatus},
};
use domain::role::Role;
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
    let fits =
        move |action: &MemberAction| is_invited || !matches!(action, MemberAction::Resend | MemberAction::CancelInvite);
    MemberAction::ALL
        .into_iter()
        .filter(fits)
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
                    {(action == MemberAction::Roles).then(|| view! { <RoleChoices chosen=chosen/> })}
                </PlainDialog>
            }
        })
        .collect_view()
}

/// The roles given by hand.
#[component]
fn RoleChoices(chosen: Vec<Role>) -> impl IntoView {
    view! {
        <fieldset class="field">
            <legend>"Roles given by hand"</legend>
            <div class="choices">
                {Role::ALL
                    .into_iter()
                    .map(|role| {
                        view! {
                            <label>
                                <input type="checkbox" name="role" value=role.name() checked=chosen.contains(&role)/>
                                {role.label()}
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
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
                lead: "Signs the member out everywhere, and takes them out of every group and list of the team.",
                button: "Remove member",
                danger: true,
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
