//! Name and email address.

use super::reason::BlockedReason;
use crate::{
    components::{field::InputKind, form::FieldForm},
    forms::{Check, Rule},
    model::{AccountForm, AccountPage, account_field},
};
use leptos::prelude::*;

const NAME_REASON: &str = "name-reason";
const EMAIL_REASON: &str = "email-reason";

/// Two forms. A disabled one keeps its place, with the reason.
#[component]
pub(super) fn AccountProfile(data: AccountPage, path: String) -> impl IntoView {
    let (name, email) = (data.submitted(AccountForm::Name), data.submitted(AccountForm::Email));
    let name_blocked = data.blocked.name.is_some().then_some(NAME_REASON);
    // A shared reason is shown once.
    let is_same = data.blocked.name == data.blocked.email;
    let email_blocked = data.blocked.email.is_some().then_some(if is_same { NAME_REASON } else { EMAIL_REASON });
    let (name_reason, email_reason) = (data.blocked.name, data.blocked.email.filter(|_| !is_same));
    view! {
        <section class="card" aria-labelledby="profile">
            <div class="card-head">
                <div>
                    <h2 id="profile">"Profile"</h2>
                    <p>
                        "Your teammates see your name. Identity providers get its last word as your family name. You sign in with your email."
                    </p>
                </div>
            </div>
            {name_reason
                .map(|reason| view! { <BlockedReason id=NAME_REASON reason=reason/> })}
            <FieldForm
                scope="name"
                action=[&path, "/name"].concat()
                check=Check::new(Rule::PersonName)
                name=account_field::NAME
                label="Name"
                autocomplete="name"
                value=data.name
                submission=name
                button="Save name"
                blocked=name_blocked
            />
            {email_reason
                .map(|reason| view! { <BlockedReason id=EMAIL_REASON reason=reason/> })}
            <FieldForm
                scope="email"
                action=[&path, "/email"].concat()
                check=Check::new(Rule::Email)
                name=account_field::EMAIL
                label="Email"
                kind=InputKind::Email
                autocomplete="email"
                value=data.email.unwrap_or_default()
                submission=email
                button="Save email"
                blocked=email_blocked
            />
            {data
                .user_name
                .map(|user_name| {
                    view! {
                        <p class="card-foot hint">
                            <span>"Your userName in your identity provider: " {user_name}</span>
                        </p>
                    }
                })}
        </section>
    }
}
