//! The forms of the Authentication page: the same changes as the server functions, answered with a page.

use super::{backend::apply, page};
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
    backend::AuthenticationChange,
    error::AppError,
    form_encoding,
    forms::method_form,
    model::{Dialog, Notice, ReturnedForm},
    return_to,
};
use axum::response::{IntoResponse as _, Response};
use domain::{
    Error,
    id::MethodId,
    key::{KeyId, Overlap},
    validation::field_error::{self, Field, FieldErrors},
};

/// Answers a form that was sent to `path`.
pub(super) async fn submit(request: PageRequest, path: String, body: &str) -> Response {
    let Some(form) = AuthenticationForm::of(&path, form_encoding::parse(body)) else {
        return error_pages::answer(Error::Malformed);
    };
    let slug = form.team.clone();
    let submitted = SubmittedChange { form, path };
    form::respond(request, &slug, submitted).await.unwrap_or_else(PageError::into_response)
}

/// A form that makes one of the changes of the page.
struct SubmittedChange {
    form: AuthenticationForm,
    path: String,
}

impl TeamForm for SubmittedChange {
    fn return_to(&self) -> String {
        self.form.return_to()
    }

    async fn submit(&mut self, request: &PageRequest, _: &SignedIn) -> Result<Response, AppError> {
        let change = change(&self.path, &self.form.values)?;
        apply(&request.service(&self.form.team).await?, &self.form.team, change).await?;
        Ok(self.form.after())
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

/// The change of the form that is sent to `path`.
///
/// # Errors
/// [`Error::Malformed`] without a field that every form of the page has, [`Error::Invalid`].
fn change(path: &str, values: &[(String, String)]) -> Result<AuthenticationChange, Error> {
    let id = || value(values, return_to::ID).ok_or(Error::Malformed);
    let text = |field: Field| value(values, field.name()).unwrap_or_default();
    let flag =
        |name: &str| value(values, name).map(|flag| flag.parse::<bool>().map_err(|_| Error::Malformed)).transpose();
    Ok(match path.strip_prefix("/api/").unwrap_or_default() {
        "scim/turn-on" => AuthenticationChange::TurnOn,
        "scim/turn-off" => AuthenticationChange::TurnOff { confirmation: text(Field::Confirmation) },
        "sso/add" => AuthenticationChange::AddMethod(method_form(values)),
        "sso/edit" => AuthenticationChange::EditMethod(MethodId::new(id()?), method_form(values)),
        "sso/set-enabled" => AuthenticationChange::SetEnabled {
            id: MethodId::new(id()?),
            enabled: flag(return_to::ENABLED)?.ok_or(Error::Malformed)?,
            confirmed: flag(return_to::CONFIRMED)?.unwrap_or_default(),
        },
        "sso/keep-only" => {
            let id = value(values, return_to::ID).unwrap_or_default();
            let id = field_error::choice(&id).map_err(|error| FieldErrors::one(Field::Id, error))?;
            AuthenticationChange::KeepOnly(MethodId::new(id))
        }
        "sso/delete" => AuthenticationChange::DeleteMethod(MethodId::new(id()?)),
        "keys/revoke" => {
            AuthenticationChange::RevokeKey { id: KeyId::new(id()?), confirmation: text(Field::Confirmation) }
        }
        "keys/set-overlap" => AuthenticationChange::SetOverlap { id: KeyId::new(id()?), overlap: text(Field::Overlap) },
        _ => return Err(Error::Malformed),
    })
}

/// A form of the Authentication page.
pub(in crate::web) struct AuthenticationForm {
    team: String,
    dialog: Option<Dialog>,
    notice: Option<Notice>,
    values: FormValues,
}

impl AuthenticationForm {
    /// The form with the address `path`. `None`: the values name no team.
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
                let is_end = value(&values, Field::Overlap.name()).as_deref() == Some(Overlap::None.name());
                let dialog = if is_end { Dialog::EndKey } else { Dialog::OverlapKey };
                (Some(dialog(KeyId::new(id))), Some(Notice::OverlapChanged))
            }
            _ => (None, None),
        };
        Some(Self { team, dialog, notice, values })
    }

    /// A form with a dialog that does not use a server function.
    pub(in crate::web) fn with(team: String, dialog: Dialog, values: Vec<(String, String)>) -> Self {
        Self { team, dialog: Some(dialog), notice: None, values }
    }

    /// The response after a successful change.
    fn after(&self) -> Response {
        let path = return_to::authentication_path(&self.team);
        match self.notice {
            // The page shows when the key stops working now.
            Some(notice @ Notice::OverlapChanged) => {
                flash::see_other_about(&path, notice.name(), &value(&self.values, return_to::ID).unwrap_or_default())
            }
            Some(notice) => flash::see_other(&path, notice.name()),
            None => see_other(&path),
        }
    }

    /// The address of the page with the dialog open. Turning a method off has no dialog, because its switch is on the page.
    pub(in crate::web) fn return_to(&self) -> String {
        let is_off = value(&self.values, return_to::ENABLED).is_some_and(|enabled| enabled == "false");
        match &self.dialog {
            Some(dialog) if !is_off => ReturnedForm::address(&self.team, dialog, &self.values),
            _ => return_to::authentication_path(&self.team),
        }
    }

    /// The page with the dialog open, the values without secrets, and the error.
    pub(in crate::web) async fn show_error(
        self,
        request: &PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> Result<Response, PageError> {
        let status = error_pages::status(&error);
        let request = PageRequest { page_path: return_to::authentication_path(&self.team), ..request.clone() };
        let values = ReturnedForm::without_secrets(self.values);
        let returned = self.dialog.map(|dialog| ReturnedForm { dialog, values, failure: Some(error) });
        page(&request, signed_in, status, returned, None).await
    }
}
