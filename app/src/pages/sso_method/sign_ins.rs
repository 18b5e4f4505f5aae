//! The last sign-in, and the failures of the last 24 hours by reason.

use crate::{
    components::{
        local_time::{Moment, TimeFormat},
        number::thousands,
    },
    form_encoding,
    model::{LastSsoSignIn, SsoFailureCount, SsoMethodPage},
    pages::{Section, activity::cause},
};
use domain::{
    UnixMs,
    activity::filter::{ActivityFilter, ActivityOutcome, ActivityPeriod},
};
use leptos::prelude::*;

/// The state of the method by its last sign-in and its last failure.
#[derive(Clone, Copy)]
enum SignInState {
    NoSignIn,
    Working,
    /// The last attempt failed.
    Failing,
}

impl SignInState {
    fn of(data: &SsoMethodPage) -> Self {
        let failed_at = data.failures.iter().map(|failure| failure.last_at).max();
        match (&data.usage.last, failed_at) {
            (Some(last), Some(failed_at)) if failed_at > last.at => SignInState::Failing,
            (Some(_), _) => SignInState::Working,
            (None, Some(_)) => SignInState::Failing,
            (None, None) => SignInState::NoSignIn,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            SignInState::NoSignIn => "none",
            SignInState::Working => "working",
            SignInState::Failing => "failing",
        }
    }

    /// The tone of the dot, and the title.
    const fn words(self) -> (Option<&'static str>, &'static str) {
        match self {
            SignInState::NoSignIn => (None, "No sign-ins yet"),
            SignInState::Working => (Some("success"), "Working"),
            SignInState::Failing => (Some("danger"), "The last sign-in failed"),
        }
    }
}

#[component]
pub(super) fn MethodSignIns(slug: String, data: SsoMethodPage, now: UnixMs) -> impl IntoView {
    let provider = data.method.name.clone();
    let state = SignInState::of(&data);
    let (tone, title) = state.words();
    let failed: i64 = data.failures.iter().map(|failure| failure.count).sum();
    let at_least = if data.has_more_failures { "More than " } else { "" };
    let failures = match failed {
        0 => "No failures in the last 24 hours.".to_owned(),
        count => [at_least, &thousands(count), " failed in the last 24 hours."].concat(),
    };
    view! {
        <section class="card" aria-labelledby="sign-ins">
            <div class="card-head">
                <div>
                    <h2 id="sign-ins">"Sign-ins"</h2>
                    <p>"Who signed in through " {provider} ", and who couldn't."</p>
                </div>
            </div>
            <div class="row" data-testid="sign-ins-state" data-state=state.name()>
                <i class="dot" data-tone=tone></i>
                <div class="grow">
                    <h3>{title}</h3>
                    <p>
                        {data.usage.last.clone().map(|last| view! { <Last slug=slug.clone() last=last now=now/> " " })}
                        {failures}
                    </p>
                </div>
            </div>
            {(failed > 0).then(|| view! { <FailureTable slug=slug failures=data.failures now=now/> })}
        </section>
    }
}

#[component]
fn Last(slug: String, last: LastSsoSignIn, now: UnixMs) -> impl IntoView {
    let LastSsoSignIn { at, member, name } = last;
    let member = name.map(|name| {
        let href = [&Section::Members.path(&slug), "/", member.as_str()].concat();
        view! { " by " <a href=href>{name}</a> }
    });
    view! { "Last sign-in " <Moment at=at now=now kind=TimeFormat::Inline/> {member} "." }
}

#[component]
fn FailureTable(slug: String, failures: Vec<SsoFailureCount>, now: UnixMs) -> impl IntoView {
    let rows = failures.into_iter().map(|failure| row(&slug, failure, now)).collect_view();
    view! {
        <div class="table-box">
            <table class="table" role="table" aria-label="Failed sign-ins of the last 24 hours, by reason">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"Why it failed"</th>
                        <th role="columnheader" scope="col">"Times"</th>
                        <th role="columnheader" scope="col">"Last"</th>
                        <th role="columnheader" scope="col">
                            <span class="visually-hidden">"Actions"</span>
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

fn row(slug: &str, SsoFailureCount { failure, count, last_at }: SsoFailureCount, now: UnixMs) -> AnyView {
    let cause = cause(failure);
    let filter = ActivityFilter {
        result: ActivityOutcome::Failures,
        within: ActivityPeriod::Day,
        member: failure.name().to_owned(),
        ..ActivityFilter::default()
    };
    let href = [&Section::Activity.path(slug), "?", &form_encoding::write(&filter.write())].concat();
    view! {
        <tr role="row" data-testid="failure" data-state=failure.name()>
            <th role="rowheader" scope="row">
                <b>{cause}</b>
                " "
                <code class="table-sub">{failure.name()}</code>
            </th>
            <td role="cell" data-label="Times">{thousands(count)}</td>
            <td role="cell" data-label="Last">
                <Moment at=last_at now=now kind=TimeFormat::Relative/>
            </td>
            <td role="cell" class="table-end">
                <a href=href aria-label=["View in Activity: ", cause].concat()>"View"</a>
            </td>
        </tr>
    }
    .into_any()
}
