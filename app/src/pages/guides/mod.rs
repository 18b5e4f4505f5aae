//! `/teams/{slug}/settings/authentication/guides` and `.../guides/{provider}`: how to connect an identity provider,
//! with the team's values to paste, up to the first request.

mod entra;
mod jumpcloud;
pub(crate) mod model;
mod okta;
mod onelogin;
mod other;
mod ping;
mod step;
mod waiting;

use crate::{
    components::{
        head::Head,
        icon::Icon,
        local_time::{Moment, TimeFormat},
    },
    model::{Guide, GuideList, GuidePage, GuideProgress, Reach, Shell},
    pages::{Section, TeamPage},
    return_to,
};
use domain::UnixMs;
use leptos::prelude::*;
use step::{Part, Step, StepState, StepView};
use waiting::ConnectionStep;
pub(crate) use waiting::{ConnectionProgress, ConnectionProgressProps};

impl TeamPage for GuideList {
    fn title(&self) -> &str {
        "Setup guides"
    }

    fn section(&self) -> Option<Section> {
        Some(Section::Authentication)
    }

    fn view(self: Box<Self>, shell: Shell, _: UnixMs) -> AnyView {
        view! { <GuidesPage shell=shell/> }.into_any()
    }
}

/// The choice.
#[component]
pub(super) fn GuidesPage(shell: Shell) -> impl IntoView {
    let slug = shell.team.slug;
    let lead = "Step-by-step instructions for connecting your identity provider, with the values to paste.".to_owned();
    view! {
        <Head title="Setup guides".to_owned() lead=lead measure=true/>
        <div class="measure">
            <ul class="card rows">
                {Guide::ALL
                    .map(|guide| {
                        view! {
                            <li>
                                <a class="row row-link" href=guide.path(&slug)>
                                    <span class="avatar avatar-tile" aria-hidden="true">
                                        {guide.label().get(..1).unwrap_or_default()}
                                    </span>
                                    <span class="grow">
                                        <b>{guide.label()}</b>
                                        <span class="hint">{what(guide)}</span>
                                    </span>
                                    <Icon name="right"/>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <p>
                <a href=return_to::authentication_path(&slug)>"Back to Authentication"</a>
            </p>
        </div>
    }
}

const fn what(guide: Guide) -> &'static str {
    match guide {
        Guide::Okta => "A custom app created with the App Integration Wizard",
        Guide::Entra => "A non-gallery enterprise application (formerly Azure AD)",
        Guide::OneLogin => "The SCIM Provisioner with SAML (SCIM v2 Core) app",
        Guide::JumpCloud => "A custom application with Identity Management",
        Guide::Ping => "PingOne, with a note for PingFederate",
        Guide::Other => "Any SCIM 2.0 client",
    }
}

impl TeamPage for GuidePage {
    fn title(&self) -> &str {
        self.guide.label()
    }

    fn section(&self) -> Option<Section> {
        Some(Section::Authentication)
    }

    fn view(self: Box<Self>, shell: Shell, now: UnixMs) -> AnyView {
        view! { <GuideScreen shell=shell data=*self now=now/> }.into_any()
    }
}

/// One guide.
#[component]
pub(super) fn GuideScreen(shell: Shell, data: GuidePage, now: UnixMs) -> impl IntoView {
    let slug = shell.team.slug;
    let GuidePage { guide, base_url, reach, scim_on, turned_on, keys, connection } = data;
    let authentication = return_to::authentication_path(&slug);
    let (title, lead) = (["Connect ", guide.provider()].concat(), lead(guide));
    let ancestors = vec![(authentication.clone(), "Authentication"), (return_to::guides_path(&slug), "Setup guides")];
    let mut steps = match guide {
        Guide::Okta => okta::steps(&base_url),
        Guide::Entra => entra::steps(&base_url),
        Guide::OneLogin => onelogin::steps(&base_url),
        Guide::JumpCloud => jumpcloud::steps(&base_url),
        Guide::Ping => ping::steps(&base_url),
        Guide::Other => other::steps(&base_url),
    };
    if let (Some(first), Some(warning)) = (steps.first_mut(), unreachable(reach, &base_url)) {
        first.parts.insert(0, Part::Warning(warning));
    }
    let to_switch = [&authentication, "#scim"].concat();
    let ready = scim_on && !keys.is_empty();
    let last = steps.len() + 3;
    // The received requests show whether the steps in the provider's console are done.
    let progress = GuideProgress::of(connection.as_ref());
    let values = steps.iter().position(Step::requires_key).unwrap_or(0);
    let is_done = match progress {
        _ if guide.is_elsewhere(connection.as_ref()) => 0,
        GuideProgress::Nothing => 0,
        GuideProgress::Refused => values,
        GuideProgress::Connected => values + 1,
        GuideProgress::Member => steps.len(),
    };
    let is_done = if ready { is_done } else { 0 };
    view! {
        <Head title=title lead=lead.to_owned() ancestors=ancestors measure=true/>
        <div class="measure">
            <nav class="step-tabs" aria-label="Provider">
                {Guide::ALL
                    .map(|one| {
                        view! {
                            <a href=one.path(&slug) aria-current=(one == guide).then_some("page")>
                                {one.label()}
                            </a>
                        }
                    })
                    .collect_view()}
            </nav>
            <ol>
                <TeamStep number=1 title="Turn on SCIM provisioning" is_done=scim_on current=!scim_on>
                    {if scim_on {
                        match turned_on {
                            Some((actor, at)) => view! {
                                <p data-testid="turned-on">"Turned on by " {actor} ", " <Moment at=at now=now kind=TimeFormat::Inline/> "."</p>
                            }
                            .into_any(),
                            None => view! { <p>"On."</p> }.into_any(),
                        }
                    } else {
                        view! {
                            <p>"Requests are refused until you turn it on. "</p>
                            <p>
                                <a class="btn" data-testid="to-switch" href=to_switch>"Turn it on in Authentication"</a>
                            </p>
                        }
                            .into_any()
                    }}
                </TeamStep>
                <TeamStep number=2 title="Generate an API key" is_done=!keys.is_empty() && scim_on current=scim_on && keys.is_empty()>
                    <GuideKeys keys=keys scim_on=scim_on authentication=authentication/>
                </TeamStep>
                {steps
                    .into_iter()
                    .enumerate()
                    .map(|(index, step)| {
                        let state = match index {
                            _ if index < is_done => StepState::Done,
                            _ if ready && index == is_done => StepState::Current,
                            _ => StepState::ToDo,
                        };
                        view! { <StepView number=index + 3 step=step state=state/> }
                    })
                    .collect_view()}
                <ConnectionStep number=last slug=slug guide=guide connection=connection ready=ready now=now/>
            </ol>
        </div>
    }
}

/// A step on the Authentication page.
#[component]
fn TeamStep(number: usize, title: &'static str, is_done: bool, current: bool, children: Children) -> impl IntoView {
    view! {
        <li class="step" data-state=if is_done { "done" } else { "todo" } aria-current=current.then_some("step")>
            <span class="avatar" aria-hidden="true">
                {if is_done { view! { <Icon name="check"/> }.into_any() } else { number.to_string().into_any() }}
            </span>
            <div>
                <h2>{is_done.then(|| view! { <span class="visually-hidden">"Done: "</span> })} {title}</h2>
                {children()}
            </div>
        </li>
    }
}

#[component]
fn GuideKeys(keys: Vec<(String, String)>, scim_on: bool, authentication: String) -> impl IntoView {
    let to_keys = [&authentication, "#keys"].concat();
    if !scim_on {
        return view! { <p>"Available once SCIM provisioning is on."</p> }.into_any();
    }
    if keys.is_empty() {
        return view! {
            <p>"Your provider uses it to connect. It's shown only once, so keep it handy for the next step."</p>
            <p>
                <a class="btn" data-testid="to-keys" href=to_keys>"Generate a key in Authentication"</a>
            </p>
        }
        .into_any();
    }
    view! {
        <ul class="step-list">
            {keys.into_iter().map(|(name, hint)| view! { <li>{name} ", " <code>{hint}</code></li> }).collect_view()}
        </ul>
        <p>"Lost it? " <a href=to_keys>"Roll the key"</a> " to get a new one."</p>
    }
    .into_any()
}

const fn lead(guide: Guide) -> &'static str {
    match guide {
        Guide::Okta => "About 10 minutes. You need permission to edit applications in Okta.",
        Guide::Entra => {
            "About 15 minutes. You need the Cloud Application Administrator or Application Administrator role in Entra ID."
        }
        Guide::OneLogin => "About 15 minutes. You need to be an application administrator in OneLogin.",
        Guide::JumpCloud => "About 10 minutes. You need to be an administrator in JumpCloud.",
        Guide::Ping => "About 15 minutes. You need to be an administrator of your PingOne environment.",
        Guide::Other => "The values every SCIM 2.0 client needs, whatever it calls them.",
    }
}

/// The reason that providers cannot reach the URL, if there is one.
fn unreachable(reach: Reach, base_url: &str) -> Option<String> {
    match reach {
        Reach::Public => None,
        Reach::Local => Some(
            [
                "Providers on the internet can't reach ",
                base_url,
                " because it only works on this machine. Ask the operator of this server to set a public URL.",
            ]
            .concat(),
        ),
        Reach::NotHttps => Some(
            [
                "Providers only send keys over HTTPS, and ",
                base_url,
                " doesn't use it. Ask the operator of this server to set an https:// public URL.",
            ]
            .concat(),
        ),
    }
}
