//! The whole screen of a page: the frame of its team, and the page itself.

use super::{
    Content, Page, Section, centered_page, error_page, forbidden, invite, not_found, sidebar, sign_in, sso, verify,
};
use crate::{
    components::shell::TeamShell,
    model::{self, Gone},
};
use domain::{UnixMs, sso::SsoFailure};
use leptos::prelude::*;

/// The visible content of `<body>`.
#[component]
pub(crate) fn Screen(page: Page) -> impl IntoView {
    let Page { now, theme, page_url, shell, content } = page;
    let current = section(&content);
    match shell {
        Some(shell) if !is_centered(&content) => {
            let (team, address, sections) = (shell.clone(), page_url.clone(), sidebar(&shell, current));
            view! {
                <TeamShell shell=shell page_url=page_url theme=theme sections=sections>
                    {inner(team, address, content, now)}
                </TeamShell>
            }
            .into_any()
        }
        shell => match content {
            Content::SignIn(data) => view! { <sign_in::SignInPage data=data/> }.into_any(),
            Content::Invite(data) => view! { <invite::InviteScreen data=*data/> }.into_any(),
            Content::SsoFailure(data) => view! { <sso::failure::SsoFailureScreen data=*data now=now/> }.into_any(),
            Content::SsoContinue(data) => view! { <sso::redirect::SsoContinueScreen data=*data/> }.into_any(),
            Content::SsoSignOut(data) => view! { <sso::sign_out::SsoSignOutScreen data=*data/> }.into_any(),
            Content::SsoConfirm(data) => view! { <sso::confirm::SsoConfirmScreen data=*data/> }.into_any(),
            Content::Chooser(teams) => view! { <centered_page::ChooserPage teams=teams/> }.into_any(),
            Content::Verify(data) => {
                view! { <verify::VerifyPage data=data page_url=page_url me=shell.map(|shell| shell.me)/> }.into_any()
            }
            Content::Trouble(failure) => {
                view! { <error_page::TroublePage failure=failure page_url=page_url framed=false/> }.into_any()
            }
            _ => view! { <not_found::NotFoundPage framed=false page_url=page_url/> }.into_any(),
        },
    }
}

/// The content of `<main>` in a team's page.
fn inner(shell: model::Shell, page_url: String, content: Content, now: UnixMs) -> AnyView {
    match content {
        Content::Team(page) => page.view(shell, now),
        Content::Forbidden(data) => view! { <forbidden::ForbiddenPage shell=shell data=data/> }.into_any(),
        Content::Trouble(failure) => {
            view! { <error_page::TroublePage failure=failure page_url=page_url framed=true/> }.into_any()
        }
        Content::Gone(what) => view! { <not_found::GonePage team=shell.team what=what/> }.into_any(),
        _ => view! { <not_found::NotFoundPage framed=true page_url=page_url/> }.into_any(),
    }
}

/// Is the page outside of a team?
fn is_centered(content: &Content) -> bool {
    matches!(
        content,
        Content::SignIn(_)
            | Content::Chooser(_)
            | Content::Verify(_)
            | Content::Invite(_)
            | Content::SsoFailure(_)
            | Content::SsoContinue(_)
            | Content::SsoConfirm(_)
            | Content::SsoSignOut(_)
    )
}

fn section(content: &Content) -> Option<Section> {
    match content {
        Content::Team(page) => page.section(),
        Content::Gone(Gone::Member) => Some(Section::Members),
        Content::Gone(Gone::Group) => Some(Section::Groups),
        Content::Gone(Gone::SsoMethod) => Some(Section::Authentication),
        Content::Forbidden(data) => Section::parse(&data.page),
        _ => None,
    }
}

/// The class of `<body>`.
pub(crate) fn body_class(page: &Page) -> &'static str {
    match &page.content {
        Content::SsoFailure(data) if data.failure != SsoFailure::NotAsked => "centered-page centered-page-wide",
        content if page.shell.is_some() && !is_centered(content) => "app",
        _ => "centered-page",
    }
}

/// The URL that the page leads to without a click.
pub(crate) fn refresh_url(page: &Page) -> Option<&str> {
    match &page.content {
        Content::SsoContinue(data) if data.post.is_none() => Some(&data.href),
        _ => None,
    }
}

/// The document's title: "Authentication · Acme · Rollcall".
pub(crate) fn title(page: &Page) -> String {
    let name = match &page.content {
        Content::SignIn(_) | Content::SsoContinue(_) => "Sign in",
        Content::Chooser(_) => "Your teams",
        Content::Verify(_) => "Confirm it's you",
        Content::Invite(_) => "Invite",
        Content::SsoFailure(data) if data.failure == SsoFailure::NotAsked => "Sign in",
        Content::SsoFailure(_) => "Sign-in failed",
        Content::SsoConfirm(_) => "Confirm that this is you",
        Content::SsoSignOut(_) => "Signed out",
        Content::Team(page) => page.title(),
        Content::Forbidden(data) => &data.page,
        Content::Gone(_) | Content::NotFound => "Not found",
        Content::Trouble(_) => "Something went wrong",
    };
    match page.shell.as_ref().map(|shell| &shell.team.name).or_else(|| team_of(&page.content)) {
        Some(team) => [name, " · ", team, " · Rollcall"].concat(),
        None => [name, " · Rollcall"].concat(),
    }
}

/// The name of the team of a page without the frame of a team.
fn team_of(content: &Content) -> Option<&String> {
    match content {
        Content::SignIn(data) => data.team.as_ref().map(|(name, _)| name),
        Content::SsoContinue(data) => data.team.as_ref().map(|(name, _)| name),
        Content::SsoFailure(data) => Some(&data.team.0),
        _ => None,
    }
}
