//! The reasons that provisioning cannot be turned on, or does not work, each with advice.

use super::{add_method_link::AddMethodLink, form::SettingsForm, state::State};
use crate::{
    api::sso::SetEnabled,
    components::{banner::Banner, dialog::RequestDialog, form::Submit, icon::Icon},
    model::Dialog,
    return_to,
};
use domain::provisioning::{EnabledMethod, Reason};
use leptos::{prelude::*, server_fn::ServerFn};

/// The `id` of the reason that the switch is disabled.
pub(super) const BLOCKED: &str = "blocked";

/// The requirements, met or not, while provisioning is off.
#[component]
pub(super) fn Requirements(state: State) -> impl IntoView {
    let (reasons, role) = state.with(|facts| (facts.reasons(), facts.role));
    let count = reasons.len();
    // For screen readers, which only read the switch's description.
    let all: String = reasons.iter().map(|reason| [" ", &reason.to_string()].concat()).collect();
    let find = |requirements: fn(&Reason) -> bool| reasons.iter().find(|reason| requirements(reason)).cloned();
    let plan = find(|reason| matches!(reason, Reason::Plan(_)));
    let sso = find(|reason| matches!(reason, Reason::NoSsoMethod | Reason::ManySsoMethods(_)));
    let lacks = find(|reason| matches!(reason, Reason::Role(_)));
    view! {
        <Banner tone="warning" id=BLOCKED>
            "SCIM provisioning can't be turned on yet. "
            <b>{count} " of 3 requirements"</b>
            {if count == 1 { " isn't met." } else { " aren't met." }}
            <span class="visually-hidden">{all}</span>
        </Banner>
        <ul class="rows" aria-label="Requirements">
            <Requirement state=state title="Enterprise plan".to_owned() reason=plan/>
            <Requirement state=state title="Exactly one SSO method".to_owned() reason=sso/>
            <Requirement state=state title=["Your role is ", role.label()].concat() reason=lacks/>
        </ul>
    }
    .into_any()
}

/// One requirement. A missing one has the reason and advice.
#[component]
fn Requirement(state: State, title: String, reason: Option<Reason>) -> impl IntoView {
    let Some(reason) = reason else {
        return view! {
            <li class="row">
                <span class="avatar avatar-mark" data-tone="success">
                    <Icon name="check"/>
                </span>
                <div class="grow">
                    <h3>
                        <span class="visually-hidden">"Met: "</span>
                        {title}
                    </h3>
                </div>
            </li>
        }
        .into_any();
    };
    let sentence = reason.to_string();
    let title = if matches!(reason, Reason::Role(_)) { "Admin or Super Admin".to_owned() } else { title };
    let (more, action) = advice(state, &reason);
    view! {
        <li class="row row-wrap">
            <span class="avatar avatar-mark" data-tone="danger">
                <Icon name="x"/>
            </span>
            <div class="grow">
                <h3>
                    <span class="visually-hidden">"Not met: "</span>
                    {title}
                </h3>
                <p>{sentence} " " {more}</p>
                {match reason {
                    Reason::ManySsoMethods(methods) => {
                        Some(view! { <SwitchOff state=state methods=methods/> }.into_any())
                    }
                    _ => None,
                }}
            </div>
            {action}
        </li>
    }
    .into_any()
}

/// The advice for a reason as text, and its control.
fn advice(state: State, reason: &Reason) -> (AnyView, AnyView) {
    match reason {
        Reason::Plan(_) => (plan_contact(state).into_any(), ().into_any()),
        Reason::NoSsoMethod => {
            let words = match state.with(|facts| facts.data.methods.is_empty()) {
                true => "",
                false => "Enable one of the methods above, or add one.",
            };
            (words.into_any(), view! { <AddMethodLink state=state/> }.into_any())
        }
        Reason::ManySsoMethods(_) => (
            "With one method, Rollcall knows which provider owns each member.".into_any(),
            view! { <ChooseOne/> }.into_any(),
        ),
        Reason::Role(_) => {
            let href = return_to::authentication_path(&state.slug());
            (view! { <a href=href>"See who can help"</a> "." }.into_any(), ().into_any())
        }
    }
}

/// The contact for questions about the plan.
fn plan_contact(state: State) -> String {
    match state.with(|facts| facts.data.contact.clone()) {
        Some(contact) => format!("To change the plan, contact {contact}."),
        None => "To change the plan, contact the operator of this server.".to_owned(),
    }
}

#[component]
fn ChooseOne() -> impl IntoView {
    view! { <RequestDialog dialog=Dialog::KeepOne.id() class="btn" label="Choose which to keep"/> }
}

/// Disables one of several methods on this page.
#[component]
fn SwitchOff(state: State, methods: Vec<EnabledMethod>) -> impl IntoView {
    let one = move |method: EnabledMethod| {
        view! {
            <li>
                <SettingsForm state=state action=SetEnabled::PATH>
                    <input type="hidden" name=return_to::ID value=method.id.to_string()/>
                    <input type="hidden" name=return_to::ENABLED value="false"/>
                    <Submit label=format!("Disable {}", method.name) busy="Disabling" class="btn"/>
                </SettingsForm>
            </li>
        }
    };
    view! { <ul class="toolbar">{methods.into_iter().map(one).collect_view()}</ul> }.into_any()
}

/// The consequences of a requirement that is no longer met while provisioning is on.
#[component]
pub(super) fn Refused(state: State) -> impl IntoView {
    state
        .with(|facts| facts.reasons())
        .into_iter()
        .map(|reason| {
            let means = match reason {
                Reason::Plan(_) => "Until then, requests from your identity provider are refused. Nothing was deleted.",
                Reason::NoSsoMethod | Reason::ManySsoMethods(_) => {
                    "Existing keys keep working. You can generate keys again once only one method is enabled."
                }
                Reason::Role(_) => "",
            };
            let means = match reason {
                Reason::NoSsoMethod => {
                    "Existing keys keep working. You can generate keys again once a method is enabled."
                }
                _ => means,
            };
            let (more, action) = match &reason {
                Reason::ManySsoMethods(_) => (().into_any(), view! { <ChooseOne/> }.into_any()),
                reason => advice(state, reason),
            };
            view! {
                <Banner tone="warning">
                    <p>{reason.to_string()} " " {means} " " {more}</p>
                    {action}
                </Banner>
            }
        })
        .collect_view()
}
