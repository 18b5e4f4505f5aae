//! A failed sign-in through an SSO method in the log: the cause and advice for admins, and the checked values.

use crate::components::{banner::Banner, provider_text::provider_text};
use domain::sso::{SsoFact, SsoFailure};
use leptos::prelude::*;

/// The longest value in the table, in characters. URLs may be long.
const VALUE_MAX: usize = 1_000;

#[component]
pub(super) fn FailedSignIn(failure: SsoFailure, facts: Vec<SsoFact>) -> impl IntoView {
    let (cause, advice) = explanation(failure);
    view! {
        <Banner tone="danger" state=failure.name()>
            <p>
                <b>{cause}</b>
            </p>
            <p>{advice}</p>
        </Banner>
        {(!facts.is_empty()).then(|| view! { <Checks facts=facts/> })}
    }
}

/// One line per checked value.
#[component]
fn Checks(facts: Vec<SsoFact>) -> impl IntoView {
    view! {
        <table class="differences">
            <caption class="visually-hidden">"Checks"</caption>
            <thead>
                <tr>
                    <th scope="col">"Check"</th>
                    <th scope="col">"Expected"</th>
                    <th scope="col">"Received"</th>
                </tr>
            </thead>
            <tbody>
                {facts
                    .into_iter()
                    .map(|SsoFact { check, expected, received }| {
                        view! {
                            <tr>
                                <th scope="row">{provider_text(&check, VALUE_MAX)}</th>
                                <td>{value(expected)}</td>
                                <td>{value(received)}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
}

fn value(value: Option<String>) -> AnyView {
    match value {
        Some(value) => view! { <code>{provider_text(&value, VALUE_MAX)}</code> }.into_any(),
        None => view! { <span class="muted">"Nothing"</span> }.into_any(),
    }
}

/// The cause, for admins.
pub(crate) const fn cause(failure: SsoFailure) -> &'static str {
    explanation(failure).0
}

/// The cause, and what an admin can do.
const fn explanation(failure: SsoFailure) -> (&'static str, &'static str) {
    match failure {
        SsoFailure::NoMatch => (
            "No active member matches this account",
            "Compare the account with the member's userName, external ID, or email. Correct the value in the provider or here, or invite the person.",
        ),
        SsoFailure::TwoMatch => (
            "More than one active member matches this account",
            "Give each of these members a different value. Then have the person sign in again.",
        ),
        SsoFailure::EmailUnverified => (
            "The provider doesn't say that it verified this email",
            "Have the provider send email_verified as true, or match people by another attribute.",
        ),
        SsoFailure::OtherAccount => (
            "The member is linked to another account of this provider",
            "If the person has a new account there, move the member's link to it. If you don't expect this, ask them first.",
        ),
        SsoFailure::ConfirmLink => (
            "The member has to confirm the link with their password",
            "There's nothing to do. The person signs in with their password once and confirms that the account is theirs.",
        ),
        SsoFailure::Deactivated => (
            "The member is deactivated or was removed",
            "If they should have access again, assign Rollcall to them in the provider, or reactivate them here.",
        ),
        SsoFailure::NoSeat => (
            "The team has no seats left",
            "Deactivate or remove members who no longer need access, or get more seats. Then have the person sign in again.",
        ),
        SsoFailure::Refused => (
            "The provider refused the sign-in",
            "Make sure the Rollcall app is assigned to the person in the provider. They may also have canceled there.",
        ),
        SsoFailure::TooSlow => (
            "The sign-in took longer than 10 minutes",
            "There's nothing to do unless it keeps happening. The person can start again.",
        ),
        SsoFailure::OtherBrowser => (
            "The sign-in didn't start in this browser",
            "The person can start again. If it keeps happening, their browser may block cookies. If they didn't start a sign-in, someone may have sent them a link to one.",
        ),
        SsoFailure::Used => (
            "The response was already used",
            "This usually happens when someone selects Back. If the person wasn't signing in, check the IP addresses of their recent sign-ins.",
        ),
        SsoFailure::NotAsked => (
            "No sign-in asked for this response",
            "It usually comes from a tile in the provider. Give the tile this SSO method's start URL.",
        ),
        SsoFailure::Clock => (
            "A time in the response is more than 60 seconds off",
            "Correct the clock of the provider or of this server. Both should use a time server.",
        ),
        SsoFailure::NotForUs => (
            "The response is meant for another application",
            "Copy the entity ID or client ID and the URLs of this SSO method into the provider again.",
        ),
        SsoFailure::BadSignature => (
            "The signature doesn't match a trusted certificate or key",
            "If the provider has a new certificate, compare its fingerprint there and add it to this SSO method.",
        ),
        SsoFailure::BadResponse => (
            "The response isn't valid",
            "Compare what was expected with what was received, and correct the setting in the provider.",
        ),
        SsoFailure::BadClient => (
            "The provider refused the client ID or secret",
            "Enter the current client secret in this SSO method. The old one may have expired.",
        ),
        SsoFailure::Unreachable => (
            "The provider didn't respond in time",
            "Check the status of the provider, and whether this server can reach its URLs.",
        ),
        SsoFailure::NotEnabled => (
            "The SSO method is disabled, or its setup isn't complete",
            "Enable it or complete its setup in Authentication.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_failure_has_a_cause_and_advice_of_its_own() {
        let mut texts = HashSet::new();
        for failure in SsoFailure::ALL {
            let (cause, advice) = explanation(failure);
            assert!(!cause.ends_with('.') && advice.ends_with('.'), "{cause}: {advice}");
            assert!(texts.insert(cause) && texts.insert(advice), "{cause}: {advice}");
        }
    }
}
