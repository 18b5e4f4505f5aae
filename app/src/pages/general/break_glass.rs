//! Break-glass members, who keep access whatever an identity provider does.

use super::dialog::BLOCKED;
use crate::{
    components::{
        avatar::Avatar,
        banner::Banner,
        field::SelectField,
        form::{Form, Submit},
        icon::Icon,
    },
    forms::{Check, Rule},
    model::{BreakGlassMember, General, GeneralForm, SubmittedForm, general_field},
};
use leptos::prelude::*;

const REASON: &str = "break-glass-reason";

/// The break-glass members, and a form for another one.
#[component]
pub(super) fn BreakGlass(data: General, path: String) -> impl IntoView {
    let may_see = data.blocked.is_none();
    let blocked = match (&data.blocked, &data.break_glass_blocked) {
        (Some(_), _) => Some(BLOCKED),
        (None, Some(_)) => Some(REASON),
        (None, None) => None,
    };
    let reason = data.break_glass_blocked.clone().filter(|_| may_see);
    let none = data.break_glass.is_empty() && may_see;
    let unmark = [&path, "/unmark"].concat();
    let submitted = data.submitted(GeneralForm::Mark);
    view! {
        <section class="card" aria-labelledby="break-glass">
            <div class="card-head">
                <div>
                    <h2 id="break-glass">"Break-glass members"</h2>
                    <p>
                        "Emergency accounts that no one, including your identity provider, can deactivate, remove, or demote. Choose one or two people who sign in with a password."
                    </p>
                </div>
            </div>
            {reason.map(|reason| view! { <Banner tone="accent" id=REASON>{reason} "."</Banner> })}
            {none
                .then(|| {
                    view! {
                        <Banner tone="warning" id="no-break-glass">
                            "No break-glass members yet. If single sign-on or your identity provider fails, your only safeguard is that the last Super Admin can't be removed."
                        </Banner>
                    }
                })}
            {(!data.break_glass.is_empty())
                .then(|| {
                    view! {
                        <ul class="rows" aria-labelledby="break-glass">
                            {data
                                .break_glass
                                .into_iter()
                                .map(|member| view! { <BreakGlassRow member=member action=unmark.clone() blocked=blocked/> })
                                .collect_view()}
                        </ul>
                    }
                })}
            <Mark candidates=data.candidates submitted=submitted action=[&path, "/mark"].concat() blocked=blocked may_see=may_see/>
        </section>
    }
}

#[component]
fn BreakGlassRow(
    member: BreakGlassMember,
    action: String,
    #[prop(optional_no_strip)] blocked: Option<&'static str>,
) -> impl IntoView {
    let BreakGlassMember { id, name, email, role, warning } = member;
    let label = ["Remove break-glass from ", &name].concat();
    let key = id.clone();
    view! {
        <li class="row row-wrap" data-testid="break-glass-member" data-key=key>
            <Avatar name=name.clone()/>
            <div class="grow">
                <b>{name}</b>
                <p class="muted">{email} " · " {role}</p>
                {warning
                    .map(|warning| {
                        view! {
                            <p class="field-error" data-testid="break-glass-warning">
                                <Icon name="alert"/>
                                <span>{warning}</span>
                            </p>
                        }
                    })}
            </div>
            <Form action=action>
                <input type="hidden" name=general_field::MEMBER value=id/>
                <button
                    class="btn"
                    type=if blocked.is_none() { "submit" } else { "button" }
                    aria-label=label
                    aria-disabled=blocked.is_some().then_some("true")
                    aria-describedby=blocked
                >
                    "Remove break-glass"
                </button>
            </Form>
        </li>
    }
}

/// The choice of another Admin or Super Admin.
#[component]
fn Mark(
    candidates: Vec<BreakGlassMember>,
    submitted: SubmittedForm,
    action: String,
    #[prop(optional_no_strip)] blocked: Option<&'static str>,
    may_see: bool,
) -> impl IntoView {
    if candidates.is_empty() {
        let why = if may_see {
            "Every active Admin and Super Admin is already a break-glass member."
        } else {
            "Only Admins and Super Admins can see break-glass members."
        };
        return view! { <p class="card-foot hint">{why}</p> }.into_any();
    }
    let chosen = submitted.value(general_field::MEMBER);
    view! {
        <Form class="row-block settings-form" action=action check=Check::new(Rule::Choice).knows("field", general_field::MEMBER)>
            <SelectField
                scope="mark"
                name=general_field::MEMBER
                label="Choose an Admin or Super Admin"
                submission=submitted
                blocked=blocked
            >
                {candidates
                    .into_iter()
                    .map(|member| {
                        let selected = chosen.as_deref() == Some(member.id.as_str());
                        view! {
                            <option value=member.id selected=selected>
                                {member.name}
                                ", "
                                {member.email}
                            </option>
                        }
                    })
                    .collect_view()}
            </SelectField>
            <Submit label="Make break-glass" busy="Saving" blocked=blocked/>
        </Form>
    }
    .into_any()
}
