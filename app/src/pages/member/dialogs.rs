//! What a change does, before it is done: a dialog for each. They are native and opened by native buttons, so that no script
//! is needed.

use crate::{
    components::{
        banner::Banner,
        dialog::{Cancel, Title, lead_id, title_id},
    },
    model::{MemberAction, MemberPage, MemberStatus},
};
use domain::role::Role;
use leptos::prelude::*;

/// A button that opens a dialog, or that cannot be pressed for a reason that stands elsewhere.
#[component]
pub(super) fn Opens(
    /// What the dialog is about.
    action: MemberAction,
    /// How it looks.
    class: &'static str,
    /// What it says.
    label: &'static str,
    /// The `id` of the reason why it cannot be pressed.
    #[prop(optional_no_strip)]
    blocked: Option<&'static str>,
) -> impl IntoView {
    let free = blocked.is_none();
    view! {
        <button
            class=class
            type="button"
            command=free.then_some("show-modal")
            commandfor=free.then(|| action.name())
            aria-disabled=(!free).then_some("true")
            aria-describedby=blocked
        >
            {label}
        </button>
    }
}

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
                <dialog
                    class="dialog"
                    id=id
                    open=open
                    closedby="closerequest"
                    aria-labelledby=title_id(id)
                    aria-describedby=lead_id(id)
                >
                    <form method="post" action=[&path, "/", id].concat()>
                        <Title dialog=id start=open && !words.danger>{words.title} " " {name} "?"</Title>
                        <p class="muted" id=lead_id(id)>
                            {words.lead}
                        </p>
                        {problem
                            .map(|problem| {
                                view! {
                                    <Banner tone="danger" role="alert">
                                        {problem}
                                    </Banner>
                                }
                            })}
                        {(action == MemberAction::Roles).then(|| view! { <RoleChoices chosen=chosen/> })}
                        <div class="actions">
                            <Cancel dialog=id start=words.danger/>
                            <button class=if words.danger { "btn btn-danger" } else { "btn btn-primary" }>
                                {words.button}
                            </button>
                        </div>
                    </form>
                </dialog>
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
