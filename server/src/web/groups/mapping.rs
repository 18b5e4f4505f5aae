//! `POST /teams/{slug}/settings/groups/{id}/role`: sets the role that a group gives to its members.

use super::{
    detail::{self, GroupPageState},
    list,
};
use crate::{
    auth::SignedIn,
    web::{
        error_pages, flash,
        forbidden::gone,
        form::{self, TeamForm},
        request::{PageError, PageRequest, value},
    },
};
use app::{
    error::AppError,
    form_encoding,
    model::{Gone, GroupPage},
};
use axum::{extract::Path, response::Response};
use domain::{
    Error, group_role,
    role::Role,
    validation::field_error::{Field, FieldError, FieldErrors},
};

pub(in crate::web) async fn set_role(
    request: PageRequest,
    Path((slug, id)): Path<(String, String)>,
    body: String,
) -> Result<Response, PageError> {
    let choice = value(&form_encoding::parse(&body), GroupPage::ROLE).unwrap_or_default();
    let page_path = [&list::path(&slug), "/", &id].concat();
    let submitted = SubmittedMapping { slug: slug.clone(), id, page_path, role: group_role::parse(&choice), choice };
    form::respond(request, &slug, submitted).await
}

struct SubmittedMapping {
    slug: String,
    id: String,
    page_path: String,
    choice: String,
    /// What `choice` is: a role, or no role.
    role: Result<Option<Role>, FieldError>,
}

impl TeamForm for SubmittedMapping {
    fn return_to(&self) -> String {
        match self.role {
            Ok(_) => {
                let query = form_encoding::write(&[(GroupPage::ROLE.to_owned(), self.choice.clone())]);
                [&self.page_path, "?", &query].concat()
            }
            // Only a valid value is carried in an address.
            Err(_) => self.page_path.clone(),
        }
    }

    async fn submit(&mut self, request: &PageRequest, _: &SignedIn) -> Result<Response, AppError> {
        let service = request.service(&self.slug).await?;
        let role = self.role.clone().map_err(|error| FieldErrors::one(Field::Role, error))?;
        let entry = service.group_map(&self.slug, &self.id, role).await?;
        Ok(flash::see_other(&self.page_path, entry.as_str()))
    }

    async fn show_error(
        self,
        request: PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> Result<Response, PageError> {
        let return_to = self.return_to();
        let (page_path, page_state) = match &error {
            AppError::Domain(Error::NotFound) => {
                let request = PageRequest { page_path: list::path(&self.slug), ..request };
                return Ok(gone(&request, signed_in, Gone::Group));
            }
            AppError::Domain(Error::Malformed) => return Err(error.into()),
            AppError::Domain(Error::Unchanged(_)) => {
                (self.page_path, GroupPageState { unchanged: true, ..GroupPageState::default() })
            }
            _ => {
                let problem = Some(form::sentence(&error));
                (return_to, GroupPageState { preview_role: self.role.ok(), problem, ..GroupPageState::default() })
            }
        };
        let request = PageRequest { page_path, ..request };
        detail::page(&request, signed_in, error_pages::status(&error), &self.id, page_state).await
    }
}
