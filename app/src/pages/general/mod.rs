//! `/teams/{slug}/settings/general`: the team itself. Every member sees it. Admins and Super Admins change it.

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

#[component]
pub(super) fn GeneralPage(shell: Shell, data: General, now: UnixMs) -> impl IntoView {
    let team = shell.team;
    let path = ["/teams/", &team.slug, "/settings/general"].concat();
    let lead = "The team's name, URL, plan, and emergency settings.".to_owned();
    // An open dialog shows it itself.
    let has_dialog = |form: &GeneralForm| match form {
        GeneralForm::Slug => data.blocked.is_none(),
        GeneralForm::SignOut => data.everyone_blocked.is_none(),
        GeneralForm::RevokeKeys => data.blocked.is_none() && data.keys > 0,
        GeneralForm::Name | GeneralForm::Mark | GeneralForm::Unmark => false,
    };
    let refusal = data
        .submission
        .as_ref()
        .filter(|(form, _)| !has_dialog(form))
        .and_then(|(_, submission)| submission.refusal.clone());
    let unchanged = data.submission.as_ref().and_then(|(_, submission)| submission.unchanged.clone());
    let success = data.notice.map(|notice| notice.words(data.notice_subject.as_deref()));
    view! {
        <Head measure=true title="General".to_owned() lead=lead/>
        <div class="measure">
            <Notices success=success.map(IntoAny::into_any) unchanged=unchanged refusal=refusal/>
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
