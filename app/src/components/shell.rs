//! The frame of a team's pages: skip link, top bar, sidebar and `<main>`.

use super::{avatar::Avatar, form::Form, icon::Icon, number::thousands};
use crate::model::{self, SignedInTeam, Theme};
use domain::validation::text::initials;
use leptos::prelude::*;

/// A line of the sidebar.
pub(crate) struct NavEntry {
    pub(crate) label: &'static str,
    pub(crate) href: String,
    pub(crate) icon: &'static str,
    /// The number beside the label.
    pub(crate) count: Option<i64>,
    /// Is this the current page?
    pub(crate) is_current: bool,
    /// Does the reader's role not allow it? It keeps its place, with the reason.
    pub(crate) is_closed: bool,
}

/// The frame around a team's page, whose own content is in `<main>`.
#[component]
pub(crate) fn TeamShell(
    /// Team, member and counts.
    shell: model::Shell,
    /// The URL of this page, for the way back after a change of the appearance.
    page_url: String,
    theme: Theme,
    sections: Vec<NavEntry>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="skip-link" href="#main">"Skip to content"</a>
        <header class="topbar">
            <button class="btn btn-quiet btn-icon" type="button" popovertarget="sidebar" aria-label="Menu">
                <Icon name="menu"/>
            </button>
            <b>{shell.team.name.clone()}</b>
        </header>
        <aside class="sidebar" id="sidebar" popover="auto" aria-label="Team">
            <Teams team=shell.team.clone() teams=shell.teams/>
            <nav class="nav" aria-label="Team settings">
                <p class="item-note" aria-hidden="true">"Team settings"</p>
                <ul>
                    {sections.into_iter().map(|entry| view! { <NavItem entry=entry/> }).collect_view()}
                </ul>
            </nav>
            <Account me=shell.me team=shell.team.slug page_url=page_url theme=theme version=shell.version/>
        </aside>
        <main class="page" id="main" tabindex="-1">
            {children()}
        </main>
    }
}

/// One line of the sidebar.
#[component]
fn NavItem(entry: NavEntry) -> impl IntoView {
    let NavEntry { label, href, icon, count, is_current, is_closed } = entry;
    view! {
        <li>
            <a class="item" href=href aria-current=is_current.then_some("page")>
                <Icon name=icon/>
                <span class="grow">{label}</span>
                {count.map(|count| view! { <span class="hint">{thousands(count)}</span> })}
                {is_closed
                    .then(|| {
                        view! {
                            <Icon name="lock"/>
                            <span class="visually-hidden">"Admins only"</span>
                        }
                    })}
            </a>
        </li>
    }
}

#[component]
fn Teams(team: model::Team, teams: Vec<SignedInTeam>) -> impl IntoView {
    let slug = team.slug;
    view! {
        <button class="item team-switcher" type="button" popovertarget="teams">
            <span class="avatar avatar-tile avatar-tile-team" aria-hidden="true">
                {initials(&team.name)}
            </span>
            <span class="grow">
                <b>{team.name}</b>
                " "
                <span class="badge badge-line">{team.plan.label()}</span>
            </span>
            <Icon name="updown"/>
        </button>
        <div class="menu" id="teams" popover="auto">
            <p class="item-note">"Your teams"</p>
            {teams
                .into_iter()
                .map(|signed_in| {
                    let team = signed_in.team;
                    let current = team.slug == slug;
                    view! {
                        <a
                            class="item"
                            href=["/teams/", &team.slug].concat()
                            aria-current=current.then_some("true")
                        >
                            <Icon name=if current { "check" } else { "people" }/>
                            <span class="grow">{team.name}</span>
                        </a>
                    }
                })
                .collect_view()}
            <hr/>
            <a class="item" href="/sign-in">
                <Icon name="plus"/>
                "Sign in to another team"
            </a>
        </div>
    }
}

/// The account menu. Its forms work without JavaScript.
#[component]
fn Account(me: model::Me, team: String, page_url: String, theme: Theme, version: String) -> impl IntoView {
    view! {
        <button class="item team-switcher" type="button" popovertarget="account">
            <Avatar name=me.name.clone()/>
            <span class="grow">
                <b>{me.name}</b>
                " "
                <span class="hint">{me.role.label()}</span>
            </span>
            <Icon name="updown"/>
        </button>
        <div class="menu" id="account" popover="auto">
            <p class="item-note">{me.email}</p>
            <a class="item" href=["/teams/", &team, "/account"].concat()>
                <Icon name="people"/>
                "Account"
            </a>
            <hr/>
            <form method="post" action="/appearance" role="group" aria-labelledby="appearance">
                <p class="item-note" id="appearance">"Appearance"</p>
                <input type="hidden" name="next" value=page_url/>
                {Theme::ALL
                    .map(|choice| {
                        let icon = match choice {
                            Theme::System => "screen",
                            Theme::Light => "sun",
                            Theme::Dark => "moon",
                        };
                        let selected = choice == theme;
                        view! {
                            <button
                                class="item"
                                name="theme"
                                value=choice.name()
                                aria-pressed=if selected { "true" } else { "false" }
                            >
                                <Icon name=icon/>
                                <span class="grow">{choice.label()}</span>
                                {selected.then(|| view! { <Icon name="check"/> })}
                            </button>
                        }
                    })
                    .collect_view()}
            </form>
            <hr/>
            <Form action="/sign-out">
                <button class="item">
                    <Icon name="left"/>
                    "Sign out"
                </button>
            </Form>
            <p class="item-note">"Rollcall " {version}</p>
        </div>
    }
}
