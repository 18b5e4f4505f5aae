//! Leaving the team.

use super::reason::BlockedReason;
use crate::{
    components::{
        dialog::{FormDialog, OpenDialog},
        notice::Alert,
    },
    model::{AccountForm, AccountPage},
};
use leptos::prelude::*;

const ID: &str = "leave";
const REASON: &str = "leave-reason";

/// The consequences of leaving, and the dialog to confirm it.
#[component]
pub(super) fn Leave(data: AccountPage, path: String, team: String) -> impl IntoView {
    let reason = data.blocked.leave.clone();
    let blocked = reason.is_some().then_some(REASON);
    let open = data.submission.as_ref().is_some_and(|(form, _)| *form == AccountForm::Leave) && blocked.is_none();
    let refusal = data.submitted(AccountForm::Leave).refusal;
    let title = ["Leave ", &team, "?"].concat();
    view! {
        <section class="card" aria-labelledby="leaving">
            <div class="card-head">
                <div>
                    <h2 id="leaving">"Leave team"</h2>
                    <p>"You'll lose access to " {team} " and need a new invite to come back. Your other teams aren't affected."</p>
                </div>
                <OpenDialog dialog=ID class="btn" label="Leave team" blocked=blocked/>
            </div>
            {refusal.clone().filter(|_| blocked.is_some()).map(|why| view! { <Alert why=Some(why)/> })}
            {reason.map(|reason| view! { <BlockedReason id=REASON reason=reason/> })}
        </section>
        {blocked
            .is_none()
            .then(|| {
                view! {
                    <FormDialog
                        id=ID
                        open=open
                        action=[&path, "/leave"].concat()
                        title=title.into_any()
                        lead="You'll be signed out everywhere and removed from the team and all its groups."
                        button="Leave team"
                        danger=true
                        careful=true
                    >
                        <Alert why=refusal/>
                    </FormDialog>
                }
            })}
    }
}
