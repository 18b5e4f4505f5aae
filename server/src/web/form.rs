//! The pipeline of every form of a team.
//!
//! | outcome | response |
//! | --- | --- |
//! | changed | 303 to a page with a flash message, or a page that is shown once |
//! | changed | 303 to a page with a flash message, or a page that is shown once |
//! | verified too long ago | 303 to verify, then back to the form with its values |
//! | unchanged | 200: the page with a neutral note |
//! | rejected | 4xx or 5xx: the page with the form, its values and the errors |
//!
//! Values in an address never include a secret, because [`TeamForm::return_to`] selects them.

use super::{error_pages, retry_after, see_other};
use crate::{
    auth::SignedIn,
    web::request::{PageError, PageRequest},
};
use app::{
    error::AppError,
    form_encoding,
    model::{SubmittedForm, VALUE_MAX},
    return_to,
};
use axum::{http::StatusCode, response::Response};
use domain::Error;

pub(super) type FormValues = Vec<(String, String)>;

/// A submitted form of a team's page.
pub(super) trait TeamForm: Send {
    /// The address of the page with the form filled in, without secrets.
    fn return_to(&self) -> String;

    /// Makes the change, and returns the response.
    fn submit(
        &mut self,
        request: &PageRequest,
        signed_in: &SignedIn,
    ) -> impl Future<Output = Result<Response, AppError>> + Send;

    /// The page with the form, and the reason of the rejection.
    fn show_error(
        self,
        request: PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> impl Future<Output = Result<Response, PageError>> + Send;
}

/// Handles a form of the team with this slug.
pub(super) async fn respond(request: PageRequest, slug: &str, mut form: impl TeamForm) -> Result<Response, PageError> {
    let return_to = form.return_to();
    let signed_in = request.in_team_from(slug, &return_to).await?;
    let error = match form.submit(&request, &signed_in).await {
        Ok(response) => return Ok(response),
        Err(AppError::Domain(Error::SignedOut)) => return Err(PageError::SignIn { return_to }),
        Err(AppError::Domain(Error::VerifyAgain)) => return Ok(see_other(&return_to::verify_path(slug, &return_to))),
        Err(error) => error,
    };
    let wait = error.retry_after();
    let mut response = form.show_error(request, &signed_in, error).await?;
    retry_after(&mut response, wait);
    Ok(response)
}

/// The status of the page with the form, and the state of the form: field errors, a reason, or a neutral note. An unchanged
/// form shows the stored values.
///
/// # Errors
/// Errors that need a page of their own.
pub(super) fn rejection(error: AppError, values: FormValues) -> Result<(StatusCode, SubmittedForm), PageError> {
    let state = match &error {
        AppError::Domain(Error::NotFound | Error::Malformed) => return Err(error.into()),
        AppError::Domain(Error::Unchanged(_)) => {
            return Ok((StatusCode::OK, SubmittedForm::unchanged(error.to_string())));
        }
        AppError::Domain(Error::Invalid(problems)) => SubmittedForm::invalid(
            problems.iter().map(|(field, problem)| (field.name().to_owned(), problem.to_string())).collect(),
        ),
        AppError::Domain(Error::Conflict(conflict)) => match conflict.field() {
            Some(field) => SubmittedForm::invalid(vec![(field.name().to_owned(), error.to_string())]),
            None => SubmittedForm::refused(error.to_string()),
        },
        _ => SubmittedForm::refused(error.to_string()),
    };
    Ok((error_pages::status(&error), SubmittedForm { values, ..state }))
}

/// The message for a form without field errors of its own: the first field error, or the reason.
pub(super) fn sentence(error: &AppError) -> String {
    match error {
        AppError::Domain(Error::Invalid(problems)) => {
            problems.iter().next().map_or_else(|| error.to_string(), |(_, problem)| problem.to_string())
        }
        _ => error.to_string(),
    }
}

/// The address of a page with a dialog open and filled in. Long values are left out.
pub(super) fn dialog_address(
    page_path: &str,
    dialog: &str,
    values: impl IntoIterator<Item = (String, String)>,
) -> String {
    let mut pairs = vec![(return_to::DIALOG.to_owned(), dialog.to_owned())];
    pairs.extend(values.into_iter().filter(|(_, value)| value.len() <= VALUE_MAX));
    [page_path, "?", &form_encoding::write(&pairs)].concat()
}
