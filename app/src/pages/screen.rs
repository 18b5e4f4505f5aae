//! The whole screen of a page: the frame of its team, and the page itself.

use super::{
    account, activity, authentication, error_page, forbidden, gate, general, group, groups, guides, invite, member,
    members, not_found, self_test, sign_in, verify,
};
use crate::{
    components::shell::{Section, Shell},
    model::{self, Content, Gone, Page},
};
use domain::UnixMs;
use leptos::prelude::*;

/// The visible content of `<body>`.
#[component]
pub(crate) fn Screen(page: Page) -> impl IntoView {
    let Page { now, theme, page_url, shell, content } = page;
    let current = section(&content);
    match shell {
        Some(shell) if !is_gate(&content) => {
            let (team, address) = (shell.clone(), page_url.clone());
            view! {
                <Shell shell=shell page_url=page_url theme=theme current=current>
                    {inner(team, address, content, now)}
                </Shell>
            }
            .into_any()
        }
        shell => match content {
            Content::SignIn(data) => view! { <sign_in::SignInPage data=data/> }.into_any(),
            Content::Invite(data) => view! { <invite::InviteScreen data=*data/> }.into_any(),
            Content::Chooser(teams) => view! { <gate::ChooserPage teams=teams/> }.into_any(),
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
        Content::Account(data) => view! { <account::AccountScreen shell=shell data=*data now=now/> }.into_any(),
        Content::General(data) => view! { <general::GeneralPage shell=shell data=*data now=now/> }.into_any(),
        Content::Members(data) => view! { <members::MembersPage shell=shell data=*data now=now/> }.into_any(),
        Content::Member(data) => view! { <member::MemberScreen shell=shell data=*data now=now/> }.into_any(),
        Content::Groups(data) => view! { <groups::GroupsPage shell=shell data=data now=now/> }.into_any(),
        Content::Group(data) => view! { <group::GroupScreen shell=shell data=*data now=now/> }.into_any(),
        Content::Authentication(data) => {
            view! { <authentication::AuthenticationPage shell=shell data=*data/> }.into_any()
        }
        Content::Guides => view! { <guides::GuidesPage shell=shell/> }.into_any(),
        Content::Guide(data) => view! { <guides::GuideScreen shell=shell data=*data now=now/> }.into_any(),
        Content::SelfTest(data) => view! { <self_test::SelfTestScreen shell=shell data=*data now=now/> }.into_any(),
        Content::Activity(data) => view! { <activity::ActivityPage shell=shell data=data now=now/> }.into_any(),
        Content::Forbidden(data) => view! { <forbidden::ForbiddenPage shell=shell data=data/> }.into_any(),
        Content::Trouble(failure) => {
            view! { <error_page::TroublePage failure=failure page_url=page_url framed=true/> }.into_any()
        }
        Content::Gone(what) => view! { <not_found::GonePage team=shell.team what=what/> }.into_any(),
        _ => view! { <not_found::NotFoundPage framed=true page_url=page_url/> }.into_any(),
    }
}

/// Is the page outside of a team?
fn is_gate(content: &Content) -> bool {
    matches!(content, Content::SignIn(_) | Content::Chooser(_) | Content::Verify(_) | Content::Invite(_))
}

fn section(content: &Content) -> Option<Section> {
    match content {
        Content::General(_) => Some(Section::General),
        Content::Members(_) | Content::Member(_) | Content::Gone(Gone::Member) => Some(Section::Members),
        Content::Groups(_) | Content::Group(_) | Content::Gone(Gone::Group) => Some(Section::Groups),
        Content::Authentication(_) | Content::Guides | Content::Guide(_) | Content::SelfTest(_) => {
            Some(Section::Authentication)
        }
        Content::Activity(_) => Some(Section::Activity),
        Content::Forbidden(data) => Section::parse(&data.page),
        _ => None,
    }
}

/// The class of `<body>`.
pub(crate) fn body_class(page: &Page) -> &'static str {
    if page.shell.is_some() && !is_gate(&page.content) { "app" } else { "gate" }
}

/// The document's title: "Authentication · Acme · Rollcall".
pub(crate) fn title(page: &Page) -> String {
    let name = match &page.content {
        Content::SignIn(_) => "Sign in",
        Content::Chooser(_) => "Your teams",
        Content::Verify(_) => "Confirm it's you",
        Content::Account(_) => "Account",
        Content::Invite(_) => "Invite",
        Content::General(_) => "General",
        Content::Members(_) => "Members",
        Content::Member(data) => &data.name,
        Content::Groups(_) => "Groups",
        Content::Group(data) => &data.name,
        Content::Authentication(_) => "Authentication",
        Content::Guides => "Setup guides",
        Content::Guide(data) => data.guide.label(),
        Content::SelfTest(_) => "Self-test",
        Content::Activity(_) => "Activity",
        Content::Forbidden(data) => &data.page,
        Content::Gone(_) | Content::NotFound => "Not found",
        Content::Trouble(_) => "Something went wrong",
    };
    match (&page.shell, &page.content) {
        (Some(shell), _) => [name, " · ", &shell.team.name, " · Rollcall"].concat(),
        (None, Content::SignIn(data)) => match &data.team {
            Some((team, _)) => [name, " · ", team, " · Rollcall"].concat(),
            None => [name, " · Rollcall"].concat(),
        },
        (None, _) => [name, " · Rollcall"].concat(),
    }
}
