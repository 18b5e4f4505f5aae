//! `/teams/{slug}/verify`: the password or a sign-in at the provider again, before a sensitive change.

use super::{
    centered_page::CenteredPage,
    sign_in::{ProblemBanner, submission},
};
use crate::{
    components::{
        field::{InputKind, TextField},
        form::{Form, Submit},
        method_links::MethodLinks,
    },
    forms::{Check, Rule},
    model::{Me, Verify},
};
use domain::validation::field_error::Field;
use leptos::prelude::*;

#[component]
pub(super) fn VerifyPage(data: Verify, page_url: String, me: Option<Me>) -> impl IntoView {
    let Verify { next, methods, has_password, problem } = data;
    let action = page_url.split('?').next().unwrap_or_default().to_owned();
    let back = next.split('?').next().unwrap_or_default().to_owned();
    let email = me.map(|me| me.email).unwrap_or_default();
    let has_methods = !methods.is_empty();
    let how = match (has_methods, has_password) {
        (true, true) => "Sign in at your provider again or enter your password to continue.",
        (true, false) => "Sign in at your provider again to continue.",
        (false, _) => "Enter your password to continue.",
    };
    let cancel = back.clone();
    view! {
        <CenteredPage
            title="Confirm it's you".to_owned()
            lead=[
                "It's been a while since you signed in. ",
                how,
                " What you typed is kept, except for passwords and other secrets.",
            ]
                .concat()
        >
            <ProblemBanner problem=problem.clone()/>
            {has_methods.then(|| view! { <MethodLinks methods=methods/> })}
            {(has_methods && has_password).then(|| view! { <p class="field-or hint">"or with a password"</p> })}
            {has_password
                .then(|| {
                    view! {
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
                            <Submit
                                label="Continue"
                                busy="Checking"
                                class=if has_methods { "btn btn-wide" } else { "btn btn-primary btn-wide" }
                            />
                            <a class="btn btn-quiet btn-wide" href=back>"Cancel"</a>
                        </Form>
                    }
                })}
            {(!has_password)
                .then(|| {
                    view! {
                        <a class="btn btn-quiet btn-wide" href=cancel>
                            "Cancel"
                        </a>
                    }
                })}
        </CenteredPage>
    }
}
