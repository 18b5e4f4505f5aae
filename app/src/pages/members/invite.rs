//! Inviting a person: the dialog, and the link that is shown once.

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

const ID: &str = InviteForm::ID;

#[component]
pub(super) fn InviteDialog(form: InviteForm, path: String) -> impl IntoView {
    let InviteForm { open, submission, existing_member: taken, may_invite_super_admins, provider } = form;
    let selected = submission.value(InviteForm::ROLE).map_or(Some(Role::Developer), |role| Role::from_name(&role));
    let roles: Vec<Role> = Role::ALL.into_iter().rev().collect();
    let disabled_role = (!may_invite_super_admins).then_some(Role::SuperAdmin);
    let hint = if may_invite_super_admins {
        "You can change this later."
    } else {
        "You can change this later. Only a Super Admin can invite a Super Admin."
    };
    let refusal = submission.refusal.clone();
    // An invalid field gets the focus itself.
    let start = refusal.is_some() && submission.errors.is_empty();
    let action = [&path, "/invite"].concat();
    let existing_member = taken.map(|(name, id)| {
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
            <Alert why=refusal>{existing_member}</Alert>
            {provider
                .map(|provider| {
                    view! {
                        <Banner tone="accent" id="invite-provider">
                            "SCIM provisioning is on, so most people should come from " {provider.clone()}
                            ". Only invite people who aren't in it. If they're assigned there later, " {provider} " starts managing them."
                        </Banner>
                    }
                })}
            <TextField scope="invite" name=InviteForm::EMAIL label="Email" kind=InputKind::Email autocomplete="off" submission=submission.clone() start=true/>
            <SelectField scope="invite" name=InviteForm::ROLE label="Role" hint=hint submission=submission>
                <RoleOptions roles=roles selected=selected disabled_role=disabled_role/>
            </SelectField>
        </FormDialog>
    }
}

/// The button that opens the dialog. It is disabled if the reader may not invite.
#[component]
pub(super) fn InviteButton(
    may_manage: bool,
    /// The `id` of the sentence with the roles that may invite.
    invite_hint: &'static str,
) -> impl IntoView {
    view! {
        <OpenDialog
            dialog=ID
            class="btn btn-primary"
            icon="plus"
            label="Invite member"
            blocked=(!may_manage).then_some(invite_hint)
        />
    }
}

/// The link, in the response to the form that created it.
#[component]
pub(crate) fn InviteLink(
    /// The email address of the invited person.
    email: String,
    link: String,
    /// The target of Done.
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
                <div class="dialog-actions">
                    <a class="btn btn-primary" href=done_href data-in-place="">
                        "Done"
                    </a>
                </div>
            </div>
        </dialog>
    }
}
