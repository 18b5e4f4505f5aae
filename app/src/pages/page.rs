//! A whole page: what the server decided to show, and nothing else. What stands here can be read in the page's source, so no secret
//! is ever part of it.

use super::Section;
use crate::{
    error::AppError,
    model::{Forbidden, Gone, InvitePage, Shell, SignIn, SignedInTeam, Theme, Verify},
};
use domain::UnixMs;
use leptos::prelude::AnyView;
use std::fmt::Debug;

/// A whole page.
#[derive(Debug)]
pub struct Page {
    /// The time on the server, for "2 min ago".
    pub now: UnixMs,
    /// Light or dark.
    pub theme: Theme,
    /// The path and query of this page, as a local address to come back to.
    pub page_url: String,
    /// Team, person and navigation; `None` on the pages outside a team.
    pub shell: Option<Shell>,
    /// What stands in the middle.
    pub content: Content,
}

/// What stands in the middle of a page.
#[derive(Debug)]
pub enum Content {
    /// `/sign-in` and `/teams/{slug}/sign-in`.
    SignIn(SignIn),
    /// `/`, where the browser is signed in to several teams.
    Chooser(Vec<SignedInTeam>),
    /// `/teams/{slug}/verify`: the password once more, before something delicate.
    Verify(Verify),
    /// `/invite/{token}`.
    Invite(Box<InvitePage>),
    /// A page in the frame of a team.
    Team(Box<dyn TeamPage>),
    /// 403: the role does not open this page.
    Forbidden(Forbidden),
    /// 404: this member or group of the team is not there, or not any longer.
    Gone(Gone),
    /// 404.
    NotFound,
    /// 4xx and 5xx: the sentence.
    Trouble(AppError),
}

impl Content {
    /// A page in the frame of a team.
    pub fn team(page: impl TeamPage + 'static) -> Self {
        Content::Team(Box::new(page))
    }
}

/// A page in the frame of a team: everything that the document and the frame have to know of it.
pub trait TeamPage: Debug + Send {
    /// The title in front of the team's name.
    fn title(&self) -> &str;

    /// The section of the sidebar that the page belongs to.
    fn section(&self) -> Option<Section>;

    /// What stands in `<main>`. `now` is the time of the page.
    fn view(self: Box<Self>, shell: Shell, now: UnixMs) -> AnyView;
}
