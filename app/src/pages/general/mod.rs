//! `/teams/{slug}/settings/general`: the team itself. Everyone sees it; Admins and Super Admins change it.

mod break_glass;
mod danger;
mod dialog;
pub(crate) mod model;
mod team;
mod usage;

use crate::{
    components::{banner::Banner, head::Head, notice::Notices},
    model::{General, GeneralForm, Shell},
    pages::{Section, TeamPage},
};
use break_glass::BreakGlass;
use danger::Danger;
use dialog::BLOCKED;
use domain::UnixMs;
use leptos::prelude::*;
use team::TeamCard;
use usage::UsageCard;

impl TeamPage for General {
    fn title(&self) -> &str {
        "General"
    }

    fn section(&self) -> Option<Section> {
        Some(Section::General)
    }

    fn view(self: Box<Self>, shell: Shell, now: UnixMs) -> AnyView {
        view! { <GeneralPage shell=shell data=*self now=now/> }.into_any()
    }
}

/// What the team is called, who is its way in, and what stops everything.
#[component]
pub(super) fn GeneralPage(shell: Shell, data: General, now: UnixMs) -> impl IntoView {
    let team = shell.team;
    let path = ["/teams/", &team.slug, "/settings/general"].concat();
    let lead = "The team's name, URL, plan, and emergency settings.".to_owned();
    // A dialog that is open says it itself.
    let has_dialog = |form: &GeneralForm| match form {
        GeneralForm::Slug => data.blocked.is_none(),
        GeneralForm::SignOut => data.everyone_blocked.is_none(),
        GeneralForm::RevokeKeys => data.blocked.is_none() && data.keys > 0,
        GeneralForm::Name | GeneralForm::Mark | GeneralForm::Unmark => false,
    };
    let refused = data.sent.as_ref().filter(|(form, _)| !has_dialog(form)).and_then(|(_, sent)| sent.refused.clone());
    let unchanged = data.sent.as_ref().and_then(|(_, sent)| sent.unchanged.clone());
    let done = data.notice.map(|notice| notice.words(data.done_about.as_deref()));
    view! {
        <Head measure=true title="General".to_owned() lead=lead/>
        <div class="measure">
            <Notices done=done.map(IntoAny::into_any) unchanged=unchanged refused=refused/>
            {data
                .blocked
                .clone()
                .map(|reason| {
                    view! {
                        <Banner tone="accent" id=BLOCKED>
                            {reason}
                            "."
                        </Banner>
                    }
                })}
            <TeamCard team=team.clone() data=data.clone() path=path.clone() now=now/>
            <UsageCard usage=data.usage.clone()/>
            <BreakGlass data=data.clone() path=path.clone()/>
            <Danger team=team.name slug=team.slug data=data path=path/>
        </div>
    }
}
