//! What is done to members: `POST /teams/{slug}/settings/members/{id}/...` for one, `.../members/roles` for several; and the
//! list as a file.

mod csv;
mod export;
mod invite;
mod several;

use super::{
    html,
    pages::{self, MemberShown},
    see_other,
};
use crate::service::{NewInvite, NotChanged, RoleEdit};
use crate::web::{
    error_pages, flash,
    request::{PageError, PageRequest},
};
use app::{
    model::{Gone, MemberAction},
    resume,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::Error;
use domain::{
    id::MemberId,
    role::{Role, Roles},
};
pub(super) use export::export;
pub(super) use invite::invite;
pub(super) use several::change_several;
use std::str::FromStr as _;

/// The address of every action.
pub(super) fn paths() -> impl Iterator<Item = (&'static str, MemberAction)> {
    MemberAction::ALL.into_iter().map(|action| {
        let path = match action {
            MemberAction::Roles => "/teams/{slug}/settings/members/{id}/roles",
            MemberAction::SignOut => "/teams/{slug}/settings/members/{id}/sign-out",
            MemberAction::Deactivate => "/teams/{slug}/settings/members/{id}/deactivate",
            MemberAction::Reactivate => "/teams/{slug}/settings/members/{id}/reactivate",
            MemberAction::Remove => "/teams/{slug}/settings/members/{id}/remove",
            MemberAction::AllowAdoption => "/teams/{slug}/settings/members/{id}/allow-adoption",
            MemberAction::Resend => "/teams/{slug}/settings/members/{id}/resend-invite",
            MemberAction::CancelInvite => "/teams/{slug}/settings/members/{id}/cancel-invite",
        };
        (path, action)
    })
}

/// Changes one member.
pub(super) async fn change(
    visit: PageRequest,
    Path((slug, id)): Path<(String, String)>,
    body: String,
    action: MemberAction,
) -> Result<Response, PageError> {
    let typed = resume::parse(&body);
    let chosen: Vec<Role> = roles(&typed, "role");
    let list = pages::members_path(&slug);
    let here = [list.as_str(), "/", &id].concat();
    let again = again(&here, action, &chosen);
    let signed_in = visit.in_team_from(&slug, &again).await?;
    let id = MemberId::new(id);
    let failure = match run(&visit, &slug, &id, action, &chosen).await {
        Ok(Done::Link(invite)) => {
            let visit = PageRequest { here: here.clone(), ..visit };
            let content = pages::member_content(&visit, &signed_in, &id, Shown::default()).await?;
            let word = action.done().name();
            let done = flash::address(&here, word);
            let page = html::with_invite(visit.page(Some(&signed_in), content), &invite, &done, &visit.state);
            return Ok(flash::telling(page, word));
        }
        Ok(Done::About(name)) => {
            let is_gone = matches!(action, MemberAction::Remove | MemberAction::CancelInvite);
            let page = if is_gone { &list } else { &here };
            return Ok(match name {
                Some(name) => flash::see_other_about(page, action.done().name(), &name),
                None => flash::see_other(page, action.done().name()),
            });
        }
        Err(Refusal::NotChanged(NotChanged::Failed(Error::VerifyAgain))) => {
            return Ok(see_other(&resume::verify_path(&slug, &again)));
        }
        Err(Refusal::NotChanged(NotChanged::Failed(Error::NotFound))) => {
            let visit = PageRequest { here: list, ..visit };
            return Ok(pages::gone(&visit, &signed_in, Gone::Member));
        }
        Err(failure) => failure,
    };
    let status = failure.status()?;
    let visit = PageRequest { here, ..visit };
    if let Refusal::NotChanged(unchanged @ NotChanged::Nothing(_)) = &failure {
        let shown = Shown { unchanged: Some(unchanged.to_string()), ..Shown::default() };
        return pages::member_page(&visit, &signed_in, status, &id, shown).await;
    }
    // Whoever has joined has no dialogs about an invite, and whoever has not joined none about a membership: then the page
    // says it.
    let is_moot =
        |not: &NotChanged| matches!(not, NotChanged::Joined | NotChanged::NotJoinedYet | NotChanged::NotAdoptable(_));
    let open = Some(action).filter(|_| !matches!(&failure, Refusal::NotChanged(not) if is_moot(not)));
    let shown = Shown { open, chosen: Some(chosen), problem: Some(failure.to_string()), ..Shown::default() };
    pages::member_page(&visit, &signed_in, status, &id, shown).await
}

/// What was done.
enum Done {
    /// There is a new link, to be shown in the answer.
    Link(NewInvite),
    /// Something else; the name of whom it was about, where the notice says it.
    About(Option<String>),
}

async fn run(visit: &PageRequest, slug: &str, id: &MemberId, action: MemberAction, chosen: &[Role]) -> Result<Done, Refusal> {
    let service = visit.service(slug).await?;
    match action {
        MemberAction::Roles => {
            let roles = chosen.iter().copied().map(Roles::from).reduce(Roles::union).ok_or(Refusal::NoRole)?;
            let changed = service.members_change_roles(slug, std::slice::from_ref(id), RoleEdit::Set(roles)).await?;
            if changed == 0 {
                return Err(NotChanged::Nothing("These roles are already assigned.").into());
            }
        }
        MemberAction::SignOut => service.member_sign_out(slug, id).await?,
        MemberAction::Deactivate => return Ok(Done::About(Some(service.member_deactivate(slug, id).await?))),
        MemberAction::Reactivate => return Ok(Done::About(Some(service.member_reactivate(slug, id).await?))),
        MemberAction::Remove => return Ok(Done::About(Some(service.member_remove(slug, id).await?))),
        MemberAction::AllowAdoption => service.member_allow_adoption(slug, id).await?,
        MemberAction::Resend => return Ok(Done::Link(service.invite_resend(slug, id).await?)),
        MemberAction::CancelInvite => service.invite_cancel(slug, id).await?,
    }
    Ok(Done::About(None))
}

/// The member's page with the dialog open again.
fn again(here: &str, action: MemberAction, chosen: &[Role]) -> String {
    let mut pairs = vec![(resume::DIALOG.to_owned(), action.name().to_owned())];
    if action == MemberAction::Roles {
        pairs.extend(chosen.iter().map(|role| ("role".to_owned(), role.name().to_owned())));
    }
    [here, "?", &resume::write(&pairs)].concat()
}

fn roles(typed: &[(String, String)], field: &str) -> Vec<Role> {
    typed.iter().filter(|(name, _)| name == field).filter_map(|(_, role)| Role::from_str(role).ok()).collect()
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("Select at least one role.")]
    NoRole,
    #[error("Select at least one member.")]
    Nobody,
    #[error(
        "One of the selected members is no longer in the team, so no one was changed. The others are still selected."
    )]
    Gone,
    #[error("{0} No one was changed.")]
    NoneOfThem(NotChanged),
    #[error("{}", sentence(.0))]
    NotChanged(#[from] NotChanged),
}

/// What people read of this on a page.
fn sentence(refused: &NotChanged) -> String {
    match refused {
        NotChanged::Failed(error) => error_pages::sentence_of(error),
        refused => refused.to_string(),
    }
}

impl From<Error> for Refusal {
    fn from(failure: Error) -> Self {
        Refusal::NotChanged(failure.into())
    }
}

impl Refusal {
    /// The status of the page that says so; or what no page of members can say.
    fn status(&self) -> Result<StatusCode, Error> {
        Ok(match self {
            Refusal::NoRole | Refusal::Nobody | Refusal::NotChanged(NotChanged::TooMany) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Refusal::Gone => StatusCode::NOT_FOUND,
            Refusal::NoneOfThem(_) | Refusal::NotChanged(NotChanged::Denied(..)) => StatusCode::FORBIDDEN,
            Refusal::NotChanged(NotChanged::Nothing(_)) => StatusCode::OK,
            Refusal::NotChanged(
                NotChanged::Managed
                | NotChanged::Yourself
                | NotChanged::Joined
                | NotChanged::NotJoinedYet
                | NotChanged::NotAdoptable(_),
            ) => StatusCode::CONFLICT,
            Refusal::NotChanged(NotChanged::Failed(failure @ (Error::NotFound | Error::Malformed))) => {
                return Err(failure.clone());
            }
            Refusal::NotChanged(NotChanged::Failed(failure)) => error_pages::status_of(failure),
        })
    }
}
