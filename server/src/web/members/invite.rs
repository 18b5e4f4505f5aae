//! `POST /teams/{slug}/settings/members/invite`: the answer holds the link, this once. Outside of redirects, because those
//! would write it into an address.

use crate::{
    auth::SignedIn,
    service::{NewInvite, NotInvited},
    web::{
        error_pages, html,
        pages::{self, InviteState, ListPosition},
        request::{PageError, PageRequest, value},
        see_other,
    },
};
use app::{
    model::{BulkChange, InviteForm, Sent},
    resume,
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::Error;
use domain::{role::Role, validation::field_error::FieldError};
use std::str::FromStr as _;

/// Invites somebody by `email` with the role `as`.
pub(in crate::web) async fn invite(
    visit: PageRequest,
    Path(slug): Path<String>,
    body: String,
) -> Result<Response, PageError> {
    let form = resume::parse(&body);
    let field = |name| value(&form, name).unwrap_or_default();
    let (email, role) = (field(InviteForm::EMAIL), field(InviteForm::ROLE));
    let typed = vec![(InviteForm::EMAIL.to_owned(), email.clone()), (InviteForm::ROLE.to_owned(), role.clone())];
    let list = pages::members_path(&slug);
    let again = again(&list, &typed);
    let signed_in = visit.in_team_from(&slug, &again).await?;
    let visit = PageRequest { here: list.clone(), ..visit };
    let refused = match make(&visit, &slug, &email, &role).await {
        Ok(new) => {
            // What the session knew of the team is older than the invite.
            let mut signed_in = signed_in;
            if let Some(team) = visit.state.store.team_by_slug(&slug).await? {
                signed_in.me.team = team;
            }
            let content = pages::members_content(
                &visit,
                &signed_in,
                ListPosition::of(&[]),
                None,
                BulkChange::default(),
                InviteState::default(),
            );
            let page = visit.page(Some(&signed_in), content.await?);
            return Ok(html::with_invite(page, &new, &list, &visit.state));
        }
        Err(Refused::Not(NotInvited::Failed(Error::VerifyAgain))) => {
            return Ok(see_other(&resume::verify_path(&slug, &again)));
        }
        Err(refused) => refused,
    };
    page(&visit, &signed_in, typed, refused).await
}

enum Refused {
    Role,
    Not(NotInvited),
}

async fn make(visit: &PageRequest, slug: &str, email: &str, role: &str) -> Result<NewInvite, Refused> {
    let service = visit.service(slug).await.map_err(|failure| Refused::Not(failure.into()))?;
    let role = Role::from_str(role).map_err(|()| Refused::Role)?;
    service.invite_make(slug, email, role).await.map_err(Refused::Not)
}

/// The list with the dialog open and filled in.
fn again(list: &str, typed: &[(String, String)]) -> String {
    let mut pairs = vec![(resume::DIALOG.to_owned(), InviteForm::ID.to_owned())];
    pairs.extend(typed.iter().filter(|(_, value)| value.len() <= resume::VALUE_MAX).cloned());
    [list, "?", &resume::write(&pairs)].concat()
}

/// The list, with the dialog open and why nobody was invited.
async fn page(
    visit: &PageRequest,
    signed_in: &SignedIn,
    typed: Vec<(String, String)>,
    refused: Refused,
) -> Result<Response, PageError> {
    let mut sent = Sent { typed, ..Sent::default() };
    let mut taken = None;
    let status = match refused {
        Refused::Role => {
            sent.problems.push((InviteForm::ROLE.to_owned(), FieldError::NotAnOption.to_string()));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Refused::Not(NotInvited::Failed(Error::Invalid(problems))) => {
            let said = problems.iter().map(|(field, problem)| (field.name().to_owned(), problem.to_string()));
            sent.problems.extend(said);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Refused::Not(NotInvited::Failed(failure @ (Error::NotFound | Error::SignedOut))) => {
            return Err(failure.into());
        }
        Refused::Not(NotInvited::Failed(Error::Forbidden)) => {
            return pages::forbidden(visit, signed_in, "Members").await;
        }
        Refused::Not(why) => {
            sent.refused = Some(match &why {
                NotInvited::Failed(error) => error_pages::sentence_of(error),
                refused => refused.to_string(),
            });
            match why {
                NotInvited::Denied(_) => StatusCode::FORBIDDEN,
                NotInvited::Taken { id, name, .. } => {
                    taken = Some((name, id.to_string()));
                    StatusCode::CONFLICT
                }
                NotInvited::Directory => StatusCode::CONFLICT,
                NotInvited::Failed(failure) => error_pages::status_of(&failure),
            }
        }
    };
    let invited = InviteState { open: true, sent, taken, sure: None };
    let content = pages::members_content(visit, signed_in, ListPosition::of(&[]), None, BulkChange::default(), invited);
    Ok(visit.team_page(status, signed_in, content.await?))
}
