//! `/teams/{slug}/verify`: the password again, before a sensitive change.

use super::{
    centered_page::CenteredPage,
    sign_in::{ProblemBanner, submission},
};
use crate::{
    components::{
        field::{InputKind, TextField},
        form::{Form, Submit},
    },
    forms::{Check, Rule},
    model::{Me, Verify},
};
use domain::validation::field_error::Field;
use leptos::prelude::*;

#[component]
pub(super) fn VerifyPage(data: Verify, page_url: String, me: Option<Me>) -> impl IntoView {
    let Verify { next, problem } = data;
    let action = page_url.split('?').next().unwrap_or_default().to_owned();
    let back = next.split('?').next().unwrap_or_default().to_owned();
    let email = me.map(|me| me.email).unwrap_or_default();
    view! {
        <CenteredPage
            title="Confirm it's you".to_owned()
            lead="It's been a while since you signed in. Enter your password to continue. What you typed is kept, except for passwords and other secrets."
                .to_owned()
        >
            <ProblemBanner problem=problem.clone()/>
            <Form action=action check=Check::new(Rule::Password)>
                <input type="hidden" name="next" value=next/>
                // The account for password managers.
                <input class="visually-hidden" type="email" autocomplete="username" tabindex="-1" aria-hidden="true" readonly=true value=email.clone()/>
                <TextField
                    scope="verify"
                    name=Field::Password.name()
                    label="Password"
                    kind=InputKind::Password
                    autocomplete="current-password"
                    submission=submission(String::new(), &problem)
                    start=true
                    large=true
                />
                {(!email.is_empty()).then(|| view! { <p class="hint">"Signed in as " {email}</p> })}
                <Submit label="Continue" busy="Checking" class="btn btn-primary btn-wide"/>
                <a class="btn btn-quiet btn-wide" href=back>"Cancel"</a>
            </Form>
        </CenteredPage>
    }
}
