//! `/teams/{slug}/account`: the reader's own membership of this team.

mod leave;
pub(crate) mod model;
mod password;
mod profile;
mod reason;
mod sessions;

use crate::{
    components::{head::Head, notice::Notices},
    model::{AccountForm, AccountPage, Shell},
    pages::{Section, TeamPage},
};
use domain::UnixMs;
use leave::Leave;
use leptos::prelude::*;
use password::Password;
use profile::AccountProfile;
use sessions::AccountSessions;

impl TeamPage for AccountPage {
    fn title(&self) -> &str {
        "Account"
    }

    fn section(&self) -> Option<Section> {
        None
    }

    fn view(self: Box<Self>, shell: Shell, now: UnixMs) -> AnyView {
        view! { <AccountScreen shell=shell data=*self now=now/> }.into_any()
    }
}

#[component]
pub(super) fn AccountScreen(shell: Shell, data: AccountPage, now: UnixMs) -> impl IntoView {
    let path = ["/teams/", &shell.team.slug, "/account"].concat();
    let team = shell.team.name;
    let lead = ["Your profile, password, and sessions in ", &team, "."].concat();
    // An open dialog shows it itself.
    let refusal = data
        .submission
        .as_ref()
        .filter(|(form, _)| *form != AccountForm::Leave)
        .and_then(|(_, submission)| submission.refusal.clone());
    let unchanged = data.submission.as_ref().and_then(|(_, submission)| submission.unchanged.clone());
    view! {
        <Head measure=true crumb="Your account" title="Account".to_owned() lead=lead/>
        <div class="measure">
            <Notices success=data.notice.map(|notice| notice.words().into_any()) unchanged=unchanged refusal=refusal/>
            <AccountProfile data=data.clone() path=path.clone()/>
            <Password data=data.clone() path=path.clone()/>
            <AccountSessions sessions=data.sessions.clone() path=path.clone() now=now/>
            <Leave data=data path=path team=team/>
        </div>
    }
}
