//! Inviting someone: the dialog, and the link that is shown once.

use crate::{
    components::{
        banner::Banner,
        copy_field::CopyField,
        dialog::{FormDialog, OpenDialog, Title, lead_id, title_id},
        field::{InputKind, SelectField, TextField},
        notice::Alert,
        role_options::RoleOptions,
    },
    forms::{Check, Rule},
    model::InviteForm,
};
use domain::role::Role;
use leptos::prelude::*;
use std::str::FromStr as _;

const ID: &str = InviteForm::ID;

/// The dialog that asks whom to invite.
#[component]
pub(super) fn InviteDialog(
    /// The form.
    form: InviteForm,
    /// The list's path.
    path: String,
) -> impl IntoView {
    let InviteForm { open, sent, taken, may_invite_super_admins, provider } = form;
    let chosen = sent.value(InviteForm::ROLE).map_or(Some(Role::Developer), |role| Role::from_str(&role).ok());
    let roles: Vec<Role> = Role::ALL.into_iter().rev().collect();
    let closed = (!may_invite_super_admins).then_some(Role::SuperAdmin);
    let hint = if may_invite_super_admins {
        "You can change this later."
    } else {
        "You can change this later. Only a Super Admin can invite a Super Admin."
    };
    let refused = sent.refused.clone();
    // A field that is wrong takes the focus itself.
    let start = refused.is_some() && sent.problems.is_empty();
    let action = [&path, "/invite"].concat();
    let there = taken.map(|(name, id)| {
        view! {
            " "
            <a href=[&path, "/", &id].concat()>"Open " {name}</a>
        }
    });
    view! {
        <FormDialog
            id=ID
            open=open
            action=action
            check=Check::new(Rule::Invite)
            title="Invite member".into_any()
            lead="You'll get a link to send them. It works once and expires in 7 days."
            button="Create link"
            start=start
        >
            <Alert why=refused>{there}</Alert>
            {provider
                .map(|provider| {
                    view! {
                        <Banner tone="accent" id="invite-provider">
                            "SCIM provisioning is on, so most people should come from " {provider.clone()}
                            ". Only invite people who aren't in it. If they're assigned there later, " {provider} " starts managing them."
                        </Banner>
                    }
                })}
            <TextField scope="invite" name=InviteForm::EMAIL label="Email" kind=InputKind::Email autocomplete="off" sent=sent.clone() start=true/>
            <SelectField scope="invite" name=InviteForm::ROLE label="Role" hint=hint sent=sent>
                <RoleOptions roles=roles chosen=chosen closed=closed/>
            </SelectField>
        </FormDialog>
    }
}

/// The button that opens the dialog; for those who may not invite, it keeps its place.
#[component]
pub(super) fn InviteButton(
    /// May the reader invite?
    may_manage: bool,
    /// The `id` of the sentence that says who may.
    who: &'static str,
) -> impl IntoView {
    view! {
        <OpenDialog
            dialog=ID
            class="btn btn-primary"
            icon="plus"
            label="Invite member"
            blocked=(!may_manage).then_some(who)
        />
    }
}

/// The link, in the answer to the form that made it.
#[component]
pub(crate) fn InviteLink(
    /// Whom it is for.
    email: String,
    /// The whole link.
    link: String,
    /// Where Done leads.
    done_href: String,
) -> impl IntoView {
    const SHOWN: &str = "invite-link";
    view! {
        <dialog class="dialog" id=SHOWN open=true closedby="none" aria-labelledby=title_id(SHOWN) aria-describedby=lead_id(SHOWN)>
            <div class="dialog-body">
                <div>
                    <Title dialog=SHOWN start=true>"Copy invite link"</Title>
                    <p class="muted">{email.clone()}</p>
                </div>
                <div class="field">
                    <h3>"Link"</h3>
                    <CopyField id="invite-link.link".to_owned() label="invite link".to_owned() value=link/>
                    <p class="hint">"Click the link to select it."</p>
                </div>
                <div id=lead_id(SHOWN)>
                    <Banner tone="warning">
                        <b>"This is the only time the link is shown. "</b>
                        "Send it to "
                        {email}
                        " through a channel you trust, because the first person to use it joins the team. It works once and expires in 7 days."
                    </Banner>
                </div>
                <div class="actions">
                    <a class="btn btn-primary" href=done_href data-in-place="">
                        "Done"
                    </a>
                </div>
            </div>
        </dialog>
    }
}
