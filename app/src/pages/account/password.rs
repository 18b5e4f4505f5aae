//! Changing the password: the one as it is proves who asks.

use super::reason::Reason;
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

/// The form; inactive where there is no password to change, or where it may not be changed here.
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
            {reason.map(|reason| view! { <Reason id=REASON reason=reason/> })}
            <Form class="row-block settings" action=[&path, "/password"].concat() check=check>
                // For password managers: whose password this is.
                <input class="vh" type="email" autocomplete="username" tabindex="-1" aria-hidden="true" readonly=true value=email/>
                <TextField
                    scope="password"
                    name=account_field::CURRENT
                    label="Current password"
                    kind=InputKind::Password
                    autocomplete="current-password"
                    sent=form.clone()
                    blocked=blocked
                />
                <TextField
                    scope="password"
                    name=account_field::PASSWORD
                    label="New password"
                    kind=InputKind::Password
                    autocomplete="new-password"
                    hint="Use at least 15 characters. Try a few words that only you would put together."
                    sent=form
                    blocked=blocked
                />
                <Submit label="Change password" busy="Changing" blocked=blocked/>
            </Form>
        </section>
    }
}
