//! The forms of the Authentication page, as they are sent without JavaScript: the same server functions, answered with a page.

use super::{page, server_functions};
use crate::{
    auth::SignedIn,
    web::{
        error_pages, flash,
        form::{self, FormValues, TeamForm},
        request::{PageError, PageRequest, value},
        see_other,
    },
};
use app::{
    error::AppError,
    form_encoding,
    model::{Dialog, Notice, ReturnedForm},
    return_to,
};
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderValue, header, request::Parts},
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
pub(super) async fn handle(request: PageRequest, http: Request) -> Response {
    let (mut parts, body) = http.into_parts();
    let Ok(body) = read(body).await else { return error_pages::answer(Error::Malformed) };
    let values = form_encoding::parse(&String::from_utf8_lossy(&body));
    let Some(form) = AuthenticationForm::of(parts.uri.path(), values) else {
        return error_pages::answer(Error::Malformed);
    };
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let slug = form.team.clone();
    let submitted = ServerFunctionForm { form, request: Some((parts, body)) };
    form::respond(request, &slug, submitted).await.unwrap_or_else(PageError::into_response)
}

/// A form whose change is made by a server function.
struct ServerFunctionForm {
    form: AuthenticationForm,
    request: Option<(Parts, Bytes)>,
}

impl TeamForm for ServerFunctionForm {
    fn return_to(&self) -> String {
        self.form.return_to()
    }

    async fn submit(&mut self, request: &PageRequest, _: &SignedIn) -> Result<Response, AppError> {
        let (parts, body) = self.request.take().ok_or(Error::Internal)?;
        let answer = server_functions::run(request.clone(), Request::from_parts(parts, Body::from(body))).await;
        if answer.status().is_success() {
            return Ok(self.form.after());
        }
        let json = read(answer.into_body()).await.map_err(|_| Error::Internal)?;
        Err(serde_json::from_slice(&json).unwrap_or(AppError::Domain(Error::Internal)))
    }

    async fn show_error(
        self,
        request: PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> Result<Response, PageError> {
        self.form.show_error(&request, signed_in, error).await
    }
}

/// A form of the Authentication page.
pub(in crate::web) struct AuthenticationForm {
    team: String,
    dialog: Option<Dialog>,
    notice: Option<Notice>,
    values: FormValues,
}

impl AuthenticationForm {
    /// The form that is sent to `path`. `None` without a team.
    fn of(path: &str, values: Vec<(String, String)>) -> Option<Self> {
        let team = value(&values, return_to::TEAM)?;
        let id = value(&values, return_to::ID).unwrap_or_default();
        let (dialog, notice) = match path.strip_prefix("/api/").unwrap_or_default() {
            "scim/turn-on" => (Some(Dialog::TurnOn), Some(Notice::ScimOn)),
            "scim/turn-off" => (Some(Dialog::TurnOff), Some(Notice::ScimOff)),
            "sso/add" => (Some(Dialog::AddMethod), Some(Notice::MethodAdded)),
            "sso/edit" => (Some(Dialog::EditMethod(MethodId::new(id))), Some(Notice::MethodSaved)),
            "sso/set-enabled" => (Some(Dialog::EnableMethod(MethodId::new(id))), None),
            "sso/keep-only" => (Some(Dialog::KeepOne), Some(Notice::KeptOne)),
            "sso/delete" => (Some(Dialog::DeleteMethod(MethodId::new(id))), Some(Notice::MethodDeleted)),
            "keys/revoke" => (Some(Dialog::RevokeKey(KeyId::new(id))), Some(Notice::KeyRevoked)),
            "keys/set-overlap" => {
                let is_end = value(&values, Field::Overlap.name()).as_deref() == Some(Overlap::None.value());
                let dialog = if is_end { Dialog::EndKey } else { Dialog::OverlapKey };
                (Some(dialog(KeyId::new(id))), Some(Notice::OverlapChanged))
            }
            _ => (None, None),
        };
        Some(Self { team, dialog, notice, values })
    }

    /// A form with a dialog of its own, outside of the server functions.
    pub(in crate::web) fn with(team: String, dialog: Dialog, values: Vec<(String, String)>) -> Self {
        Self { team, dialog: Some(dialog), notice: None, values }
    }

    /// Where to go when it is done.
    fn after(&self) -> Response {
        let path = return_to::authentication_path(&self.team);
        match self.notice {
            // The page says when the key stops working now.
            Some(notice @ Notice::OverlapChanged) => {
                flash::see_other_about(&path, notice.name(), &value(&self.values, return_to::ID).unwrap_or_default())
            }
            Some(notice) => flash::see_other(&path, notice.name()),
            None => see_other(&path),
        }
    }

    /// The page with the dialog open. Switching a method off has no dialog: its switch is on the page.
    pub(in crate::web) fn return_to(&self) -> String {
        let is_off = value(&self.values, return_to::ENABLED).is_some_and(|enabled| enabled == "false");
        match &self.dialog {
            Some(dialog) if !is_off => ReturnedForm::address(&self.team, dialog, &self.values),
            _ => return_to::authentication_path(&self.team),
        }
    }

    /// The page with the dialog open, the values less secrets, and the error.
    pub(in crate::web) async fn show_error(
        self,
        request: &PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> Result<Response, PageError> {
        let status = error_pages::status(&error);
        let request = PageRequest { page_path: return_to::authentication_path(&self.team), ..request.clone() };
        let typed = ReturnedForm::without_secrets(self.values);
        let returned = self.dialog.map(|dialog| ReturnedForm { dialog, typed, failure: Some(error) });
        page(&request, signed_in, status, returned, None).await
    }
}

async fn read(body: Body) -> Result<Bytes, axum::Error> {
    Ok(body.collect().await?.to_bytes())
}
