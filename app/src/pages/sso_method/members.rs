//! Who can sign in through the method: known, unknown, and who cannot.
//!
//! Only a sign-in proves that a person can sign in, because Rollcall does not know the provider's directory.

use crate::{
    components::number::thousands,
    model::{MemberQuery, MemberStatus, SsoUsage},
    pages::Section,
};
use leptos::prelude::*;

#[component]
pub(super) fn MethodMembers(slug: String, name: String, usage: SsoUsage) -> impl IntoView {
    let people = Section::Members.path(&slug);
    let with_status = |status| MemberQuery { status: Some(status), ..MemberQuery::default() }.address(&people, &[]);
    let cannot = [
        ("invited", usage.invited, "Haven't accepted their invite", Some(with_status(MemberStatus::Invited))),
        ("deactivated", usage.deactivated, "Deactivated", Some(with_status(MemberStatus::Deactivated))),
        ("break-glass", usage.break_glass, "Break-glass, and not linked", None),
    ];
    let never = usage.never();
    let cannot = cannot.into_iter().filter(|(_, count, ..)| *count > 0).map(|(state, count, why, href)| {
        let text = match state {
            "break-glass" => "They sign in with a password. No rule links them.",
            "invited" => "They can sign in once they've joined.",
            _ => "No one who is deactivated can sign in.",
        };
        view! {
            <li class="row row-wrap" data-testid="cannot-sign-in" data-state=state>
                <div class="grow">
                    <h3>{why} ": " {thousands(count)}</h3>
                    <p>{text}</p>
                </div>
                {href
                    .map(|href| {
                        view! { <a class="btn" href=href aria-label=["View in Members: ", why].concat()>"View in Members"</a> }
                    })}
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="people">
            <div class="card-head">
                <div>
                    <h2 id="people">"Members"</h2>
                    <p>"Who can sign in through " {name.clone()} ", as far as Rollcall knows."</p>
                </div>
            </div>
            <ul class="rows">
                <li class="row" data-testid="can-sign-in" data-state=usage.linked.to_string()>
                    <div class="grow">
                        <h3>"Can sign in: " {thousands(usage.linked)}</h3>
                        <p>"They signed in through it before and are linked to their account."</p>
                    </div>
                </li>
                <li class="row" data-testid="never-signed-in" data-state=never.to_string()>
                    <div class="grow">
                        <h3>"Never signed in through it: " {thousands(never)}</h3>
                        <p>"Whether they can is unknown until they try. Their first sign-in links them."</p>
                    </div>
                </li>
                {cannot.collect_view()}
            </ul>
        </section>
    }
}
