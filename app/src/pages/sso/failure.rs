//! A failed sign-in: what happened, what to do, and a code for the team's admins. Every value of the identity provider is
//! short, and its error message is only in the activity log.

use super::failure_text::{provider_name, text};
use crate::{
    components::{
        copy_field::CopyField,
        local_time::{Moment, TimeFormat},
        method_links::{MethodLink, continue_with},
        provider_text::{SENTENCE_MAX, provider_text},
    },
    model::SsoFailurePage,
    pages::centered_page::CenteredPage,
};
use domain::{UnixMs, sso::SsoFailure};
use leptos::prelude::*;

#[component]
pub(crate) fn SsoFailureScreen(data: SsoFailurePage, now: UnixMs) -> impl IntoView {
    if data.failure == SsoFailure::NotAsked {
        return view! { <StartHere data=data/> }.into_any();
    }
    let (icon, tone) = match data.failure {
        SsoFailure::Deactivated => ("ban", "danger"),
        SsoFailure::ConfirmLink => ("lock", "warning"),
        _ => ("alert", "danger"),
    };
    let classes = match data.failure {
        SsoFailure::Deactivated => ["btn", "btn btn-quiet"],
        _ => ["btn btn-primary", "btn"],
    };
    let lead = ["You weren't signed in to ", &data.team.0, "."].concat();
    let links = links(&data).into_iter().zip(classes);
    let links = links.map(|((label, href), class)| view! { <a class=class href=href>{label}</a> }).collect_view();
    view! {
        <CenteredPage title=text(&data).title lead=lead icon=icon tone=tone>
            <FailureCard id="sso-code" data=data now=now/>
            <div class="toolbar">{links}</div>
        </CenteredPage>
    }
    .into_any()
}

/// The explanation and the code.
#[component]
pub(crate) fn FailureCard(
    /// The `id` of the code.
    id: &'static str,
    data: SsoFailurePage,
    now: UnixMs,
) -> impl IntoView {
    let text = text(&data);
    let provider = provider_name(&data);
    let code = [data.failure.name(), " ", &data.reference].concat();
    let account = data.account.as_deref().map(|account| {
        let account = provider_text(account, SENTENCE_MAX);
        view! { {[&provider, " says you are "].concat()} <b>{account}</b> ". " }
    });
    let fact = match data.failure {
        SsoFailure::Refused => data.detail.as_deref().map(|status| {
            let status = provider_text(status, SENTENCE_MAX);
            view! { {[&provider, " responded with "].concat()} <code>{status}</code> ". " }.into_any()
        }),
        SsoFailure::Deactivated => data.deactivated_at.map(|at| {
            view! { "You were deactivated here on " <Moment at=at now=now kind=TimeFormat::Exact/> ". " }.into_any()
        }),
        _ => None,
    };
    view! {
        <div class="card" data-testid="sso-failure" data-code=data.failure.name()>
            <section class="row-block">
                <h2>"What happened"</h2>
                <p>{account} {fact} {text.happened}</p>
            </section>
            <section class="row-block">
                <h2>"What to do"</h2>
                <p>{text.advice}</p>
                <CopyField id=id label="code for your admin" value=code/>
            </section>
        </div>
    }
}

/// A response that no sign-in asked for is no failure, but the identity provider's tile.
#[component]
fn StartHere(data: SsoFailurePage) -> impl IntoView {
    let text = text(&data);
    view! {
        <CenteredPage title=text.title lead=text.happened>
            <MethodLink name=data.method.clone() href=data.retry.clone()/>
            <p class="hint" data-testid="sso-failure" data-code=data.failure.name()>
                {["Your ", &provider_name(&data), " admin can skip this step for everyone by giving the tile this team's "]
                    .concat()} <b>"start URL"</b> "."
            </p>
        </CenteredPage>
    }
}

/// The ways on, the most promising one first: at most two.
fn links(data: &SsoFailurePage) -> Vec<(String, String)> {
    let retry = |label: &str| (label.to_owned(), data.retry.clone());
    let other_account = || {
        let label = ["Use another ", &provider_name(data), " account"].concat();
        data.other_account.clone().map(|href| (label, href))
    };
    let other_way = || ("Sign in another way".to_owned(), ["/teams/", &data.team.1, "/sign-in"].concat());
    match data.failure {
        SsoFailure::NoMatch | SsoFailure::TwoMatch | SsoFailure::OtherAccount => {
            vec![other_account().unwrap_or_else(|| retry("Try again")), other_way()]
        }
        SsoFailure::ConfirmLink => [retry("Sign in with password")].into_iter().chain(other_account()).collect(),
        SsoFailure::Deactivated => [retry("Try again")].into_iter().chain(other_account()).collect(),
        SsoFailure::TooSlow | SsoFailure::OtherBrowser | SsoFailure::Used => vec![retry("Start again"), other_way()],
        SsoFailure::NotAsked => vec![retry(&continue_with(&data.method))],
        SsoFailure::NotEnabled => vec![other_way(), retry("Try again")],
        SsoFailure::EmailUnverified
        | SsoFailure::NoSeat
        | SsoFailure::Refused
        | SsoFailure::Clock
        | SsoFailure::NotForUs
        | SsoFailure::BadSignature
        | SsoFailure::BadResponse
        | SsoFailure::BadClient
        | SsoFailure::Unreachable => vec![retry("Try again"), other_way()],
    }
}
