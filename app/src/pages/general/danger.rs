//! Actions that stop all access at once.

use super::dialog::{BLOCKED, Confirm};
use crate::{
    components::dialog::OpenDialog,
    model::{General, GeneralForm},
};
use leptos::prelude::*;

const EVERYONE: &str = "everyone-reason";
const KEYS: &str = "keys-reason";
const DELETE: &str = "delete-reason";

/// Signing everyone out, revoking every key, and the command to delete the team.
#[component]
pub(super) fn Danger(team: String, slug: String, data: General, path: String) -> impl IntoView {
    let may = data.blocked.is_none();
    let everyone = match (&data.blocked, &data.everyone_blocked) {
        (Some(_), _) => Some(BLOCKED),
        (None, Some(_)) => Some(EVERYONE),
        (None, None) => None,
    };
    let no_keys = may && data.keys == 0;
    let keys = if may { no_keys.then_some(KEYS) } else { Some(BLOCKED) };
    let everyone_reason = data.everyone_blocked.clone().filter(|_| may);
    let working = match data.keys {
        _ if !may => "Identity providers lose access immediately.".to_owned(),
        0 => "No active keys.".to_owned(),
        1 => "1 active key. Identity providers that use it lose access immediately.".to_owned(),
        many => format!("{many} active keys. Identity providers that use them lose access immediately."),
    };
    let contact = data.contact.clone().map(|contact| [" (", &contact, ")"].concat());
    // The line breaks between words only.
    let command = ["rollcall", "team", "delete", &slug, "--confirm", &slug];
    let command = command.map(|word| view! { <span class="nowrap">{word.to_owned()}</span> " " }).collect_view();
    let dialogs = data.clone();
    view! {
        <section class="card" aria-labelledby="danger">
            <div class="card-head">
                <div>
                    <h2 id="danger">"Danger zone"</h2>
                    <p>"For emergencies. You'll type the team's name to confirm."</p>
                </div>
            </div>
            <div class="row row-wrap">
                <div class="grow">
                    <b>"Sign everyone out"</b>
                    <p class="muted">"Ends every session in this team, including yours. Everyone can sign in again."</p>
                    {everyone_reason.map(|reason| view! { <p class="muted" id=EVERYONE>{reason} "."</p> })}
                </div>
                <OpenDialog dialog=GeneralForm::SignOut.name() class="btn" label="Sign everyone out" blocked=everyone/>
            </div>
            <div class="row row-wrap">
                <div class="grow">
                    <b>"Revoke all SCIM API keys"</b>
                    <p class="muted" id=KEYS>
                        {working}
                    </p>
                </div>
                <OpenDialog dialog=GeneralForm::RevokeKeys.name() class="btn" label="Revoke all keys" blocked=keys/>
            </div>
            <div class="row row-wrap">
                <div class="grow">
                    <b>"Delete team"</b>
                    <p class="muted" id=DELETE>
                        "Permanently deletes the team with its members, log, and IDs. It can't be done here. The operator of this server"
                        {contact} " can run: " <code>{command}</code>
                    </p>
                </div>
                <OpenDialog dialog="delete" class="btn" label="Delete team" blocked=Some(DELETE)/>
            </div>
        </section>
        {everyone
            .is_none()
            .then(|| {
                view! {
                    <Confirm
                        form=GeneralForm::SignOut
                        path=path.clone()
                        title="Sign everyone out?"
                        lead="Everyone is signed out of this team, including you. Other teams aren't affected."
                        button="Sign everyone out"
                        team=team.clone()
                        open=dialogs.is_open(GeneralForm::SignOut)
                        submission=dialogs.submitted(GeneralForm::SignOut)
                    />
                }
            })}
        {keys
            .is_none()
            .then(|| {
                view! {
                    <Confirm
                        form=GeneralForm::RevokeKeys
                        path=path
                        title="Revoke all SCIM API keys?"
                        lead="All keys stop working immediately. This can't be undone. No identity provider can connect until you generate a new key. Members and groups don't change."
                        button="Revoke all keys"
                        team=team
                        open=data.is_open(GeneralForm::RevokeKeys)
                        submission=data.submitted(GeneralForm::RevokeKeys)
                    />
                }
            })}
    }
}
