//! Forms that are sent without JavaScript: the same server functions, answered with a page.
//!
//! Done: on to the page, which says so. Signed out, or too long ago: sign in or verify, then back to the form with what
//! was typed, but no secret. Anything else: the page right here, with the form open and what is wrong.

use super::{api, pages, see_other};
use crate::web::{
    error_pages, flash,
    request::{PageError, PageRequest, value},
};
use app::{
    error::AppError,
    model::{Dialog, Notice, Returned},
    resume,
};
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use domain::{
    Error,
    id::MethodId,
    key::{KeyId, Overlap},
    validation::field_error::Field,
};
use http_body_util::BodyExt as _;

/// Runs the server function and answers with a page.
pub(super) async fn handle(visit: PageRequest, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = read(body).await else { return error_pages::answer(AppError::Domain(Error::Malformed)) };
    let typed = resume::parse(&String::from_utf8_lossy(&body));
    let Some(form) = AuthenticationForm::of(parts.uri.path(), typed) else {
        return error_pages::answer(AppError::Domain(Error::Malformed));
    };
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let answer = api::run(visit.clone(), Request::from_parts(parts, Body::from(body))).await;
    if answer.status().is_success() {
        return form.after();
    }
    let failure = match read(answer.into_body()).await {
        Ok(json) => serde_json::from_slice(&json).unwrap_or(AppError::Domain(Error::Internal)),
        Err(_) => AppError::Domain(Error::Internal),
    };
    failed(&visit, form, failure).await
}

/// The answer to a form that was refused.
pub(super) async fn failed(visit: &PageRequest, form: AuthenticationForm, failure: AppError) -> Response {
    match failure {
        AppError::Domain(Error::SignedOut) => PageError::SignIn { back: form.again() }.into_response(),
        AppError::Domain(Error::VerifyAgain) => see_other(&resume::verify_path(&form.team, &form.again())),
        failure => page(visit, form, failure).await.unwrap_or_else(PageError::into_response),
    }
}

/// The page, with the form as it was sent, and what is wrong with it.
async fn page(visit: &PageRequest, form: AuthenticationForm, failure: AppError) -> Result<Response, PageError> {
    let signed_in = visit.in_team_from(&form.team, &form.again()).await?;
    let status = error_pages::status(&failure);
    let visit = PageRequest { here: resume::authentication_path(&form.team), ..visit.clone() };
    let typed = resume::without_secrets(form.typed);
    let returned = form.dialog.map(|dialog| Returned { dialog, typed, failure: Some(failure) });
    pages::authentication_page(&visit, &signed_in, status, returned, None).await
}

/// A form of the Authentication page.
pub(super) struct AuthenticationForm {
    team: String,
    dialog: Option<Dialog>,
    notice: Option<Notice>,
    typed: Vec<(String, String)>,
}

impl AuthenticationForm {
    /// The form that is sent to `path`. `None` without a team.
    pub(super) fn of(path: &str, typed: Vec<(String, String)>) -> Option<Self> {
        let team = value(&typed, resume::TEAM)?;
        let id = value(&typed, resume::ID).unwrap_or_default();
        let (dialog, notice) = match path.strip_prefix("/api/").unwrap_or_default() {
            "scim/turn-on" => (Some(Dialog::TurnOn), Some(Notice::ScimOn)),
            "scim/turn-off" => (Some(Dialog::TurnOff), Some(Notice::ScimOff)),
            "sso/add" => (Some(Dialog::AddMethod), Some(Notice::MethodAdded)),
            "sso/edit" => (Some(Dialog::EditMethod(MethodId::new(id))), Some(Notice::MethodSaved)),
            "sso/set-enabled" => (Some(Dialog::EnableMethod(MethodId::new(id))), None),
            "sso/keep-only" => (Some(Dialog::KeepOne), None),
            "sso/delete" => (Some(Dialog::DeleteMethod(MethodId::new(id))), Some(Notice::MethodDeleted)),
            "keys/revoke" => (Some(Dialog::RevokeKey(KeyId::new(id))), Some(Notice::KeyRevoked)),
            "keys/set-overlap" => {
                let is_end = value(&typed, Field::Overlap.name()).as_deref() == Some(Overlap::None.value());
                let dialog = if is_end { Dialog::EndKey } else { Dialog::OverlapKey };
                (Some(dialog(KeyId::new(id))), Some(Notice::OverlapChanged))
            }
            _ => (None, None),
        };
        Some(Self { team, dialog, notice, typed })
    }

    /// A form with a dialog of its own, outside of the server functions.
    pub(super) fn with(team: String, dialog: Dialog, typed: Vec<(String, String)>) -> Self {
        Self { team, dialog: Some(dialog), notice: None, typed }
    }

    /// Where to go when it is done.
    fn after(&self) -> Response {
        let path = resume::authentication_path(&self.team);
        match self.notice {
            // The page says when the key stops working now.
            Some(notice @ Notice::OverlapChanged) => {
                flash::see_other_about(&path, notice.name(), &value(&self.typed, resume::ID).unwrap_or_default())
            }
            Some(notice) => flash::see_other(&path, notice.name()),
            None => see_other(&path),
        }
    }

    /// Where the form stands open again. Switching a method off needs no dialog: the switch is there to be pressed again.
    fn again(&self) -> String {
        let is_off = value(&self.typed, resume::ENABLED).is_some_and(|enabled| enabled == "false");
        match &self.dialog {
            Some(dialog) if !is_off => resume::dialog_path(&self.team, dialog, &self.typed),
            _ => resume::authentication_path(&self.team),
        }
    }
}

async fn read(body: Body) -> Result<Bytes, axum::Error> {
    Ok(body.collect().await?.to_bytes())
}
