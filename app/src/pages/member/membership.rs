//! Deactivating, reactivating and removing. A disabled action keeps its place, with the reason.

use crate::{
    components::{
        dialog::OpenDialog,
        local_time::{Moment, TimeFormat},
    },
    model::{Adoption, MemberAction, MemberPage, PendingInvite},
};
use domain::{UnixMs, member::MemberStatus};
use leptos::prelude::*;

/// The `id` of the reason that the member cannot be deactivated or removed here.
const REASON: &str = "membership-reason";

/// The actions that end or restore the membership.
#[component]
pub(super) fn MembershipActions(data: MemberPage, now: UnixMs) -> impl IntoView {
    let blocked = |action| data.blocked(action).is_some().then_some(REASON);
    let is_invited = data.status == MemberStatus::Invited;
    let is_off = data.status == MemberStatus::Deactivated;
    let (action, label, text) = if is_off {
        (MemberAction::Reactivate, "Reactivate", "Lets them sign in again with their current roles.")
    } else {
        (
            MemberAction::Deactivate,
            "Deactivate",
            "Signs them out everywhere. Nothing is deleted, and you can reactivate them later.",
        )
    };
    // All disabled actions here have the same reason.
    let offered =
        if is_invited { [MemberAction::Resend, MemberAction::CancelInvite] } else { [action, MemberAction::Remove] };
    let reason = offered.into_iter().find_map(|action| data.blocked(action)).map(str::to_owned);
    let (ends, removes) = (blocked(action), blocked(MemberAction::Remove));
    let (resend, cancel) = (blocked(MemberAction::Resend), blocked(MemberAction::CancelInvite));
    let adopts = data.blocked(MemberAction::AllowAdoption).map(str::to_owned);
    view! {
        <section class="card" aria-labelledby="membership">
            <div class="card-head">
                <div>
                    <h2 id="membership">"Membership"</h2>
                    {reason.map(|reason| view! { <p id=REASON>{reason}</p> })}
                </div>
            </div>
            {(data.status != MemberStatus::Invited)
                .then(|| {
                    view! {
                        <div class="row row-wrap">
                            <div class="grow">
                                <b>{label}</b>
                                <p class="muted">{text}</p>
                            </div>
                            <OpenDialog dialog=action.name() class="btn" label=label blocked=ends/>
                        </div>
                    }
                })}
            {data.invite.map(|invite| view! { <Invite invite=invite now=now resend=resend cancel=cancel/> })}
            {data.adoption.map(|adoption| view! { <AllowAdoption adoption=adoption now=now why_not=adopts/> })}
            {(!is_invited)
                .then(|| {
                    view! {
                        <div class="row row-wrap">
                            <div class="grow">
                                <b>"Remove from the team"</b>
                                <p class="muted">"Removes them from the team and all its groups."</p>
                            </div>
                            <OpenDialog dialog=MemberAction::Remove.name() class="btn" label="Remove" blocked=removes/>
                        </div>
                    }
                })}
        </section>
    }
}

/// The `id` of the reason that the reader cannot confirm an adoption.
const ADOPTION_REASON: &str = "adoption-reason";

/// For an Admin or Super Admin without an identity provider: whether a provider may adopt them by the email address
/// alone.
#[component]
fn AllowAdoption(
    adoption: Adoption,
    now: UnixMs,
    /// The reason that the reader cannot confirm it.
    why_not: Option<String>,
) -> impl IntoView {
    let blocked = why_not.is_some().then_some(ADOPTION_REASON);
    let text = match adoption {
        Adoption::NeedsConsent => view! {
            "No identity provider manages this member yet. Because they are an Admin or Super Admin, one that only knows their email needs your confirmation first."
        }
        .into_any(),
        Adoption::AllowedUntil(until) => {
            view! { "Confirmed. It can take over until " <Moment at=until now=now kind=TimeFormat::Exact/> "." }.into_any()
        }
    };
    let button = (adoption == Adoption::NeedsConsent).then(|| {
        view! { <OpenDialog dialog=MemberAction::AllowAdoption.name() class="btn" label="Confirm" blocked=blocked/> }
    });
    let state = if adoption == Adoption::NeedsConsent { "needs-consent" } else { "allowed" };
    view! {
        <div class="row row-wrap" data-testid="adoption" data-state=state>
            <div class="grow">
                <b>"Let the identity provider manage this member"</b>
                <p class="muted">{text}</p>
                {why_not.map(|reason| view! { <p class="muted" id=ADOPTION_REASON>{reason}</p> })}
            </div>
            {button}
        </div>
    }
}

/// The actions on an invite.
#[component]
fn Invite(
    invite: PendingInvite,
    now: UnixMs,
    /// The `id` of the reason that there can be no new link.
    #[prop(optional_no_strip)]
    resend: Option<&'static str>,
    /// The `id` of the reason that the invite cannot be cancelled.
    #[prop(optional_no_strip)]
    cancel: Option<&'static str>,
) -> impl IntoView {
    let PendingInvite { invited_by, sent_at, expires_at } = invite;
    let state = if expires_at > now { "open" } else { "expired" };
    view! {
        <div class="row row-wrap" data-testid="invite" data-state=state>
            <div class="grow">
                <b>"Invited by " {invited_by}</b>
                <p class="muted">
                    "Link created " <Moment at=sent_at now=now kind=TimeFormat::Inline/>
                    {if expires_at > now { ". Expires " } else { ". Expired " }}
                    <Moment at=expires_at now=now kind=TimeFormat::Exact/> "."
                </p>
            </div>
            <OpenDialog dialog=MemberAction::Resend.name() class="btn" label="Create new link" blocked=resend/>
            <OpenDialog dialog=MemberAction::CancelInvite.name() class="btn" label="Revoke invite" blocked=cancel/>
        </div>
    }
}
