//! Keys that are shown once: `POST /teams/{slug}/settings/authentication/keys/generate` and `.../roll`.
//!
//! They are not server functions, because those serialize their results. The key is written manually into this one response,
//! which nothing may store. The response is a page for `Accept: text/html`, else JSON.

use super::{
    authentication::{self, forms::AuthenticationForm},
    form::{self, FormValues, TeamForm},
    html, response_kind,
};
use crate::{
    auth::SignedIn,
    service::{NewScimKey, Service},
    web::{
        error_pages,
        request::{PageError, PageRequest, value},
    },
};
use app::{
    error::AppError,
    form_encoding,
    model::{Authentication, Dialog},
    pages::Content,
    return_to,
};
use axum::{
    extract::Path,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use domain::{
    Error,
    key::{Expiry, KeyId, Overlap},
    validation::field_error::{Field, FieldError, FieldErrors},
};

/// `POST .../keys/generate` with `name` and `expiry`.
pub(super) async fn generate(
    request: PageRequest,
    Path(slug): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Response {
    answer(request, headers, SubmittedKey { slug, change: KeyChange::Generate, values: form_encoding::parse(&body) })
        .await
}

/// `POST .../keys/roll` with `id` and `overlap`.
pub(super) async fn roll(request: PageRequest, Path(slug): Path<String>, headers: HeaderMap, body: String) -> Response {
    let values = form_encoding::parse(&body);
    let id = KeyId::new(value(&values, return_to::ID).unwrap_or_default());
    answer(request, headers, SubmittedKey { slug, change: KeyChange::Roll(id), values }).await
}

async fn answer(request: PageRequest, headers: HeaderMap, submitted: SubmittedKey) -> Response {
    if response_kind::accepts(&headers, "text/html") {
        let slug = submitted.slug.clone();
        return form::respond(request, &slug, submitted).await.unwrap_or_else(PageError::into_response);
    }
    match submitted.generate_key(&request).await {
        Ok(result) => json(&result),
        Err(error) => error_pages::answer(error),
    }
}

struct SubmittedKey {
    slug: String,
    change: KeyChange,
    values: FormValues,
}

enum KeyChange {
    Generate,
    Roll(KeyId),
}

impl TeamForm for SubmittedKey {
    fn return_to(&self) -> String {
        self.form().return_to()
    }

    async fn submit(&mut self, request: &PageRequest, _: &SignedIn) -> Result<Response, AppError> {
        Ok(page(request, self.generate_key(request).await?))
    }

    async fn show_error(
        self,
        request: PageRequest,
        signed_in: &SignedIn,
        error: AppError,
    ) -> Result<Response, PageError> {
        self.form().show_error(&request, signed_in, error).await
    }
}

impl SubmittedKey {
    fn form(&self) -> AuthenticationForm {
        let dialog = match &self.change {
            KeyChange::Generate => Dialog::GenerateKey,
            KeyChange::Roll(id) => Dialog::RollKey(id.clone()),
        };
        AuthenticationForm::with(self.slug.clone(), dialog, self.values.clone())
    }

    async fn generate_key(&self, request: &PageRequest) -> Result<KeyResult, Error> {
        let (slug, values) = (&self.slug, &self.values);
        let generate_key = request.generate_key(slug, async |service| match &self.change {
            KeyChange::Generate => {
                let name = value(values, Field::Name.name()).unwrap_or_default();
                service.key_generate(slug, &name, choice(values, Field::Expiry, Expiry::parse)?).await
            }
            KeyChange::Roll(id) => service.key_roll(slug, id, choice(values, Field::Overlap, Overlap::parse)?).await,
        });
        generate_key.await
    }
}

/// A new key, and the page around it.
struct KeyResult {
    signed_in: SignedIn,
    key: NewScimKey,
    page: Box<Authentication>,
}

impl PageRequest {
    async fn generate_key(
        &self,
        team: &str,
        change: impl AsyncFnOnce(Service<'_>) -> Result<NewScimKey, Error>,
    ) -> Result<KeyResult, Error> {
        let signed_in = self.visitor_in(team).await?;
        let service = self.service(team).await?;
        let before = authentication::data(&self.state, &signed_in.me.team).await?;
        let key = change(service).await?;
        // The key can be shown only now, so an unavailable database must not hide it.
        let page = self.fresh(team).await.unwrap_or_else(|_| {
            let keys = std::iter::once(key.record.clone()).chain(before.keys).collect();
            Box::new(Authentication { keys, ..before })
        });
        Ok(KeyResult { signed_in, key, page })
    }
}

/// The choice with this name, or the default if there is no value.
fn choice<T: Default>(
    values: &[(String, String)],
    field: Field,
    parse: impl Fn(&str) -> Result<T, FieldError>,
) -> Result<T, Error> {
    match value(values, field.name()).as_deref() {
        None | Some("") => Ok(T::default()),
        Some(value) => parse(value).map_err(|problem| FieldErrors::one(field, problem).into()),
    }
}

fn page(request: &PageRequest, result: KeyResult) -> Response {
    let page_path = return_to::authentication_path(&result.signed_in.me.team.slug);
    let request = PageRequest { page_path, ..request.clone() };
    let base_url = result.page.base_url.clone();
    let page = request.page(Some(&result.signed_in), Content::Team(result.page));
    let key = (result.key.record.name.as_str(), result.key.key.expose());
    html::with_key(page, base_url, key, &request.state)
}

/// `{"key": "rc_scim_...", "page": {...}}`, written manually, because a key must not be serializable.
fn json(result: &KeyResult) -> Response {
    match (serde_json::to_string(result.key.key.expose()), serde_json::to_string(&result.page)) {
        (Ok(key), Ok(page)) => {
            let body = ["{\"key\":", &key, ",\"page\":", &page, "}"].concat();
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(%error, "could not write the response with a new key");
            error_pages::answer(Error::Internal)
        }
    }
}
