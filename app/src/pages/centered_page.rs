//! The pages outside of a team: their frame, and the choice of a team.

use crate::{
    components::{form::Form, icon::Icon},
    model::SignedInTeam,
};
use domain::validation::text::initials;
use leptos::prelude::*;

/// The frame of a page outside of a team.
#[component]
pub(super) fn CenteredPage(
    title: String,
    lead: String,
    /// The icon above the title; the logo by default.
    #[prop(default = "mark")]
    icon: &'static str,
    /// The tone of the icon, if the page is about a failure.
    #[prop(optional)]
    tone: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <main id="main" tabindex="-1">
            <header>
                <CenteredPageLogo icon=icon tone=tone/>
                <h1>{title}</h1>
                <p class="muted">{lead}</p>
            </header>
            {children()}
        </main>
    }
}

/// The icon above the title.
#[component]
pub(super) fn CenteredPageLogo(icon: &'static str, tone: Option<&'static str>) -> impl IntoView {
    view! {
        <svg class="centered-page-logo" aria-hidden="true" data-tone=tone>
            <use href=["#i-", icon].concat()/>
        </svg>
    }
}

/// `/`, if the browser is signed in to several teams.
#[component]
pub(super) fn ChooserPage(teams: Vec<SignedInTeam>) -> impl IntoView {
    view! {
        <CenteredPage title="Choose a team".to_owned() lead="You're signed in to these teams.".to_owned()>
            <ul class="card rows">
                {teams
                    .into_iter()
                    .map(|signed_in| {
                        let team = signed_in.team;
                        view! {
                            <li>
                                <a class="row row-link" href=["/teams/", &team.slug].concat()>
                                    <span class="avatar avatar-tile avatar-tile-team" aria-hidden="true">
                                        {initials(&team.name)}
                                    </span>
                                    <span class="grow">
                                        <b>{team.name}</b>
                                        <span class="hint">{signed_in.email} " · " {signed_in.role.label()}</span>
                                    </span>
                                    <Icon name="right"/>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            <a class="btn btn-wide" href="/sign-in">
                <Icon name="plus"/>
                "Sign in to another team"
            </a>
            <Form action="/sign-out">
                <button class="btn btn-quiet btn-wide">"Sign out"</button>
            </Form>
        </CenteredPage>
    }
}
