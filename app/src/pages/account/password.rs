//! Changing the password. The current password proves the identity.

use super::reason::BlockedReason;
use crate::{
    components::{
        field::{InputKind, TextField},
        form::{Form, Submit},
    },
    forms::{Check, Rule},
    model::{AccountForm, AccountPage, account_field},
};
use leptos::prelude::*;

const REASON: &str = "password-reason";

/// The form. It is disabled if there is no password, or if it cannot be changed here.
#[component]
pub(super) fn Password(data: AccountPage, path: String) -> impl IntoView {
    let form = data.submitted(AccountForm::Password);
    let reason = data.blocked.password.clone().or_else(|| {
        (!data.has_password).then(|| "You don't have a password here. You sign in with single sign-on.".to_owned())
    });
    let blocked = reason.is_some().then_some(REASON);
    let email = data.email.unwrap_or_default();
    let check = Check::new(Rule::NewPassword).knows("email", email.as_str()).knows("name", data.name);
    view! {
        <section class="card" aria-labelledby="password">
            <div class="card-head">
                <div>
                    <h2 id="password">"Password"</h2>
                    <p>"Changing your password signs you out of this team everywhere else."</p>
                </div>
            </div>
            {reason.map(|reason| view! { <BlockedReason id=REASON reason=reason/> })}
            <Form class="row-block settings-form" action=[&path, "/password"].concat() check=check>
                // The account for password managers.
                <input class="visually-hidden" type="email" autocomplete="username" tabindex="-1" aria-hidden="true" readonly=true value=email/>
                <TextField
                    scope="password"
                    name=account_field::CURRENT
                    label="Current password"
                    kind=InputKind::Password
                    autocomplete="current-password"
                    submission=form.clone()
                    blocked=blocked
                />
                <TextField
                    scope="password"
                    name=account_field::PASSWORD
                    label="New password"
                    kind=InputKind::Password
                    autocomplete="new-password"
                    hint="Use at least 15 characters. Try a few words that only you would put together."
                    submission=form
                    blocked=blocked
                />
                <Submit label="Change password" busy="Changing" blocked=blocked/>
            </Form>
        </section>
    }
}
