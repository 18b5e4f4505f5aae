//! The data of a whole page. Everything here can be read in the page's source, so it never contains a secret.

use super::Section;
use crate::{
    error::AppError,
    model::{
        Forbidden, Gone, InvitePage, Shell, SignIn, SignedInTeam, SsoConfirm, SsoContinue, SsoFailurePage, SsoSignOut,
        Theme, Verify,
    },
};
use domain::UnixMs;
use leptos::prelude::AnyView;
use std::fmt::Debug;

#[derive(Debug)]
pub struct Page {
    /// The server's time, for "2 min ago".
    pub now: UnixMs,
    pub theme: Theme,
    /// The path and query of this page, for the way back to it.
    pub page_url: String,
    /// `None` on the pages outside of a team.
    pub shell: Option<Shell>,
    pub content: Content,
}

#[derive(Debug)]
pub enum Content {
    /// `/sign-in` and `/teams/{slug}/sign-in`.
    SignIn(SignIn),
    /// `/`, if the browser is signed in to several teams.
    Chooser(Vec<SignedInTeam>),
    /// `/teams/{slug}/verify`: the password again, before a sensitive change.
    Verify(Verify),
    /// `/invite/{token}`.
    Invite(Box<InvitePage>),
    /// A sign-in through an SSO method failed.
    SsoFailure(Box<SsoFailurePage>),
    /// The page between a form and the identity provider.
    SsoContinue(Box<SsoContinue>),
    /// The sign-out at the identity provider.
    SsoSignOut(Box<SsoSignOut>),
    /// A member confirms the link to an account of the identity provider.
    SsoConfirm(Box<SsoConfirm>),
    /// A page in the frame of a team.
    Team(Box<dyn TeamPage>),
    /// 403: the role does not allow this page.
    Forbidden(Forbidden),
    /// 404: the team has no such member or group.
    Gone(Gone),
    /// 404.
    NotFound,
    /// 4xx and 5xx with a sentence.
    Trouble(AppError),
}

impl Content {
    /// A page in the frame of a team.
    pub fn team(page: impl TeamPage + 'static) -> Self {
        Content::Team(Box::new(page))
    }
}

/// A page in the frame of a team, with the facts that the document and the frame depend on.
pub trait TeamPage: Debug + Send {
    /// The title in front of the team's name.
    fn title(&self) -> &str;

    /// The section of the sidebar that the page belongs to.
    fn section(&self) -> Option<Section>;

    /// The content of `<main>`. `now` is the time of the page.
    fn view(self: Box<Self>, shell: Shell, now: UnixMs) -> AnyView;
}
