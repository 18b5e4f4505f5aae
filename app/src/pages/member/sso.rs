//! Whether the member can sign in through the team's SSO methods, and as which account.

use crate::{
    components::{
        avatar::Avatar,
        dialog::OpenDialog,
        local_time::{Moment, TimeFormat},
        provider_text::{SENTENCE_MAX, provider_text},
    },
    model::{MemberAction, MemberPage, MemberSso, MemberSsoState},
    return_to,
};
use domain::{
    UnixMs,
    sso::{AccountLink, SUBJECT_MAX},
};
use leptos::prelude::*;

/// The `id` of the reason that links cannot be removed.
const REASON: &str = "links-reason";

#[component]
pub(super) fn MemberSignIn(
    data: MemberPage,
    /// The team's slug.
    team: String,
    now: UnixMs,
) -> impl IntoView {
    let has_link = data.sso.iter().any(|sso| sso.link.is_some());
    let reason = data.blocked(MemberAction::Unlink).filter(|_| has_link).map(str::to_owned);
    let blocked = reason.is_some().then_some(REASON);
    let rows = data.sso.iter().map(|sso| row(&data, sso, &team, blocked, now)).collect_view();
    (!data.sso.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="sign-in">
                <div class="card-head">
                    <div>
                        <h2 id="sign-in">"Single sign-on"</h2>
                        <p>"Whether this member can sign in through your identity provider."</p>
                        {reason.map(|reason| view! { <p id=REASON>{reason}</p> })}
                    </div>
                </div>
                <ul class="rows">{rows}</ul>
            </section>
        }
    })
}

fn row(data: &MemberPage, sso: &MemberSso, team: &str, blocked: Option<&'static str>, now: UnixMs) -> AnyView {
    let MemberSso { method, link } = sso;
    let state = MemberSsoState::of(sso, data.status, data.break_glass);
    let name = method.name.clone();
    let title = match (state, link) {
        (MemberSsoState::Linked, Some(link)) => {
            format!("Can sign in through {name} as {}", provider_text(link.name(), SENTENCE_MAX))
        }
        (MemberSsoState::Never, _) => format!("Never signed in through {name}"),
        (MemberSsoState::BreakGlass, _) => format!("Not linked with {name}"),
        _ => format!("Can't sign in through {name}"),
    };
    let why = match (state, link) {
        (MemberSsoState::Linked, Some(link)) => {
            view! { "Last sign-in " <Moment at=link.last_sign_in_at now=now kind=TimeFormat::Inline/> "." }.into_any()
        }
        (MemberSsoState::Linked | MemberSsoState::Never, _) => {
            "Whether they can is unknown until they try. Their first sign-in links them.".into_any()
        }
        (MemberSsoState::Deactivated, _) => "This member is deactivated.".into_any(),
        (MemberSsoState::Disabled, _) => "The SSO method is disabled.".into_any(),
        (MemberSsoState::Invited, _) => "This member hasn't accepted the invite yet.".into_any(),
        (MemberSsoState::BreakGlass, _) => {
            "Break-glass members are never linked by a rule. They can confirm the link with their password.".into_any()
        }
    };
    view! {
        <li class="row row-start row-wrap" data-testid="sso" data-state=state.name()>
            <Avatar name=method.provider_name().split_whitespace().next().unwrap_or_default().to_owned() tile=true/>
            <div class="grow">
                <h3>{title}</h3>
                <p>{why}</p>
                {link.clone().map(|link| view! { <LinkedAccount link=link now=now/> })}
                <p>
                    <a href=return_to::sso_method_path(team, &method.id)>"View SSO method"</a>
                </p>
            </div>
            {link
                .is_some()
                .then(|| {
                    view! { <OpenDialog dialog=MemberAction::Unlink.name() class="btn" label="Remove link" blocked=blocked/> }
                })}
        </li>
    }
    .into_any()
}

/// The account.
#[component]
fn LinkedAccount(link: AccountLink, now: UnixMs) -> impl IntoView {
    view! {
        <dl class="facts facts-wide">
            <dt>"Linked to"</dt>
            <dd><code>{provider_text(&link.subject, SUBJECT_MAX)}</code></dd>
            <dt>"Since"</dt>
            <dd>
                <Moment at=link.linked_at now=now kind=TimeFormat::Relative/>
            </dd>
        </dl>
    }
}
