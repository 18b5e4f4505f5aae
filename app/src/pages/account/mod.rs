//! `/teams/{slug}/account`: what someone can do about themselves in this team.

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
use profile::Profile;
use sessions::Sessions;

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

/// Everything about anyone who reads it.
#[component]
pub(super) fn AccountScreen(shell: Shell, data: AccountPage, now: UnixMs) -> impl IntoView {
    let path = ["/teams/", &shell.team.slug, "/account"].concat();
    let team = shell.team.name;
    let lead = ["Your profile, password, and sessions in ", &team, "."].concat();
    // A dialog that is open says it itself.
    let refused =
        data.sent.as_ref().filter(|(form, _)| *form != AccountForm::Leave).and_then(|(_, sent)| sent.refused.clone());
    let unchanged = data.sent.as_ref().and_then(|(_, sent)| sent.unchanged.clone());
    view! {
        <Head measure=true crumb="Your account" title="Account".to_owned() lead=lead/>
        <div class="measure">
            <Notices done=data.notice.map(|notice| notice.words().into_any()) unchanged=unchanged refused=refused/>
            <Profile data=data.clone() path=path.clone()/>
            <Password data=data.clone() path=path.clone()/>
            <Sessions sessions=data.sessions.clone() path=path.clone() now=now/>
            <Leave data=data path=path team=team/>
        </div>
    }
}
