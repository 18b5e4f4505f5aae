//! `POST /teams/{slug}/settings/members/invite`: invites a person. The response itself shows the link once, because a redirect
//! would put it into an address.

use super::list::{self, InviteState, ListPosition};
use crate::{
    auth::SignedIn,
    web::{
        forbidden::forbidden,
        form::{self, TeamForm},
        html,
        request::{PageError, PageRequest, value},
    },
};
use app::{
    error::AppError,
    form_encoding,
    model::{BulkChange, InviteForm},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use domain::{
    Conflict, Error, role,
    validation::field_error::{Field, FieldErrors},
};

/// Handles the form of the dialog.
pub(in crate::web) async fn submit(
    request: PageRequest,
    Path(slug): Path<String>,
    body: String,
) -> Result<Response, PageError> {
    let values = form_encoding::parse(&body);
    let field = |name| value(&values, name).unwrap_or_default();
    let submitted =
        SubmittedInvite { slug: slug.clone(), email: field(InviteForm::EMAIL), role: field(InviteForm::ROLE) };
    form::respond(request, &slug, submitted).await
}

struct SubmittedInvite {
    slug: String,
    email: String,
    role: String,
}

impl TeamForm for SubmittedInvite {
    fn return_to(&self) -> String {
        form::dialog_address(&list::path(&self.slug), InviteForm::ID, self.values())
    }

    async fn submit(&mut self, request: &PageRequest, signed_in: &SignedIn) -> Result<Response, AppError> {
        let service = request.service(&self.slug).await?;
        let role = role::parse(&self.role).map_err(|error| FieldErrors::one(Field::Role, error))?;
        let new = service.invite_create(&self.slug, &self.email, role).await?;
        // The session's counts of the team are older than the invite.
        let mut signed_in = signed_in.clone();
        if let Some(team) = request.state.store.team_by_slug(&self.slug).await.map_err(Error::from)? {
            signed_in.me.team = team;
        }
        let page_path = list::path(&self.slug);
        let request = PageRequest { page_path: page_path.clone(), ..request.clone() };
        let content = content(&request, &signed_in, InviteState::default()).await?;
        Ok(html::with_invite(request.page(Some(&signed_in), content), &new, &page_path, &request.state))
    }

    /// The list with the dialog open.
    async fn show_error(
        self,
        request: PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> Result<Response, PageError> {
        let request = PageRequest { page_path: list::path(&self.slug), ..request };
        let taken = match &error {
            AppError::Domain(Error::Forbidden) => return forbidden(&request, signed_in, "Members").await,
            AppError::Domain(Error::Conflict(Conflict::MemberExists { id, name, .. })) => {
                Some((name.clone(), id.to_string()))
            }
            _ => None,
        };
        let (status, mut form_state) = form::rejection(error, self.values())?;
        for (field, _) in form_state.errors.iter_mut().filter(|(field, _)| field == Field::Role.name()) {
            InviteForm::ROLE.clone_into(field);
        }
        show(&request, signed_in, status, InviteState { open: true, sent: form_state, taken, sure: None }).await
    }
}

impl SubmittedInvite {
    fn values(&self) -> Vec<(String, String)> {
        vec![(InviteForm::EMAIL.to_owned(), self.email.clone()), (InviteForm::ROLE.to_owned(), self.role.clone())]
    }
}

async fn show(
    request: &PageRequest,
    signed_in: &SignedIn,
    status: StatusCode,
    invite: InviteState,
) -> Result<Response, PageError> {
    Ok(request.team_page(status, signed_in, content(request, signed_in, invite).await?))
}

async fn content(
    request: &PageRequest,
    signed_in: &SignedIn,
    invite: InviteState,
) -> Result<app::pages::Content, PageError> {
    list::content(request, signed_in, ListPosition::of(&[]), None, BulkChange::default(), invite).await
}
