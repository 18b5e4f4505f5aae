//! Deactivating, reactivating and removing. What cannot be done here stays in its place, with the reason.

use crate::{
    components::{
        moment::{Kind, Moment},
        plain_dialog::PlainOpens,
    },
    model::{MemberAction, MemberPage, MemberStatus, PendingInvite},
};
use domain::UnixMs;
use leptos::prelude::*;

/// The `id` of the reason why a member cannot be deactivated or removed here.
const REASON: &str = "membership-reason";

/// What ends or restores the membership.
#[component]
pub(super) fn Membership(data: MemberPage, now: UnixMs) -> impl IntoView {
    let reason = reason(&data);
    let blocked = reason.is_some();
    let is_invited = data.status == MemberStatus::Invited;
    let is_off = data.status == MemberStatus::Deactivated;
    let (action, label, says) = if is_off {
        (MemberAction::Reactivate, "Reactivate", "Lets the member sign in again, with the roles as they are now.")
    } else {
        (
            MemberAction::Deactivate,
            "Deactivate",
            "Signs the member out everywhere. Everything is kept, and can be given back.",
        )
    };
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
                                <p class="muted">{says}</p>
                            </div>
                            <PlainOpens dialog=action.name() class="btn" label=label blocked=blocked.then_some(REASON)/>
                        </div>
                    }
                })}
            {data.invite.map(|invite| view! { <Invite invite=invite now=now/> })}
            {(!is_invited)
                .then(|| {
                    view! {
                        <div class="row row-wrap">
                            <div class="grow">
                                <b>"Remove from the team"</b>
                                <p class="muted">"The member is gone from the lists and from every group."</p>
                            </div>
                            <PlainOpens dialog=MemberAction::Remove.name() class="btn" label="Remove" blocked=blocked.then_some(REASON)/>
                        </div>
                    }
                })}
        </section>
    }
}

/// What can be done about an invite.
#[component]
fn Invite(invite: PendingInvite, now: UnixMs) -> impl IntoView {
    let PendingInvite { invited_by, sent_at, expires_at } = invite;
    view! {
        <div class="row row-wrap">
            <div class="grow">
                <b>"Invited by " {invited_by}</b>
                <p class="muted">
                    "The link was made " <Moment at=sent_at now=now kind=Kind::Inline/>
                    {if expires_at > now { ", and works until " } else { ", and expired " }}
                    <Moment at=expires_at now=now kind=Kind::Exact/> "."
                </p>
            </div>
            <PlainOpens dialog=MemberAction::Resend.name() class="btn" label="Resend"/>
            <PlainOpens dialog=MemberAction::CancelInvite.name() class="btn" label="Cancel invite"/>
        </div>
    }
}

/// Why it cannot be done here, and where it can.
fn reason(data: &MemberPage) -> Option<String> {
    match &data.managed_by {
        Some(provider) => Some(format!(
            "This member is managed by {provider} through SCIM. Deactivate or remove the person there; it takes effect here."
        )),
        None if data.is_me => {
            Some("This is you. Another Admin or Super Admin can deactivate or remove you.".to_owned())
        }
        None => None,
    }
}
