//! Keys that are shown once: `POST /teams/{slug}/settings/authentication/keys/generate` and `.../roll`.
//!
//! Outside of the server functions, because those serialise what they answer: the key is written by hand into this one
//! answer, which nobody may keep. A page for `Accept: text/html`, else JSON.

use super::{
    accept,
    forms::{self, AuthenticationForm},
    html, pages,
};
use crate::web::{
    error_pages,
    request::{PageRequest, value},
};
use crate::{
    auth::SignedIn,
    service::{NewScimKey, Service},
};
use app::{
    model::{Authentication, Content, Dialog},
    resume,
};
use axum::{
    extract::Path,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use domain::Error;
use domain::{
    key::{Expiry, KeyId, Overlap},
    validation::field_error::{Field, FieldError, FieldErrors},
};

/// `POST .../keys/generate` with `name` and `expiry`.
pub(super) async fn generate(
    visit: PageRequest,
    Path(slug): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let typed = resume::parse(&body);
    let form = AuthenticationForm::with(slug.clone(), Dialog::GenerateKey, typed.clone());
    let made = visit.make(&slug, async |service| {
        let name = value(&typed, Field::Name.name()).unwrap_or_default();
        let expiry = choice(&typed, Field::Expiry, Expiry::parse)?;
        service.key_generate(&slug, &name, expiry).await
    });
    answer(&visit, &headers, made.await, form).await
}

/// `POST .../keys/roll` with `id` and `overlap`.
pub(super) async fn roll(visit: PageRequest, Path(slug): Path<String>, headers: HeaderMap, body: String) -> Response {
    let typed = resume::parse(&body);
    let id = KeyId::new(value(&typed, resume::ID).unwrap_or_default());
    let form = AuthenticationForm::with(slug.clone(), Dialog::RollKey(id.clone()), typed.clone());
    let made = visit.make(&slug, async |service| {
        let overlap = choice(&typed, Field::Overlap, Overlap::parse)?;
        service.key_roll(&slug, &id, overlap).await
    });
    answer(&visit, &headers, made.await, form).await
}

/// A key that was just made, and the page around it.
struct Made {
    signed_in: SignedIn,
    key: NewScimKey,
    page: Box<Authentication>,
}

impl PageRequest {
    async fn make(
        &self,
        team: &str,
        change: impl AsyncFnOnce(Service<'_>) -> Result<NewScimKey, Error>,
    ) -> Result<Made, Error> {
        let signed_in = self.visitor_in(team).await?;
        let service = self.service(team).await?;
        let before = pages::data(&self.state, &signed_in.me.team).await?;
        let key = change(service).await?;
        // The key can be shown only now: a database that is away in this moment must not swallow it.
        let page = self.fresh(team).await.unwrap_or_else(|_| {
            let keys = std::iter::once(key.listed.clone()).chain(before.keys).collect();
            Box::new(Authentication { keys, ..before })
        });
        Ok(Made { signed_in, key, page })
    }
}

/// One of few; left out: the usual one.
fn choice<T: Default>(
    typed: &[(String, String)],
    field: Field,
    parse: impl Fn(&str) -> Result<T, FieldError>,
) -> Result<T, Error> {
    match value(typed, field.name()).as_deref() {
        None | Some("") => Ok(T::default()),
        Some(value) => parse(value).map_err(|problem| FieldErrors::one(field, problem).into()),
    }
}

async fn answer(
    visit: &PageRequest,
    headers: &HeaderMap,
    made: Result<Made, Error>,
    form: AuthenticationForm,
) -> Response {
    let as_page = accept::accepts(headers, "text/html");
    match made {
        Ok(made) if as_page => page(visit, made),
        Ok(made) => json(&made),
        Err(failure) if as_page => forms::failed(visit, form, failure.into()).await,
        Err(failure) => error_pages::answer(failure),
    }
}

fn page(visit: &PageRequest, made: Made) -> Response {
    let here = resume::authentication_path(&made.signed_in.me.team.slug);
    let visit = PageRequest { here, ..visit.clone() };
    let page = visit.page(Some(&made.signed_in), Content::Authentication(made.page));
    html::with_key(page, &made.key.listed.name, made.key.key.expose(), &visit.state)
}

/// `{"key": "rc_scim_...", "page": {...}}`, written by hand: a key is nothing that serialises.
fn json(made: &Made) -> Response {
    match (serde_json::to_string(made.key.key.expose()), serde_json::to_string(&made.page)) {
        (Ok(key), Ok(page)) => {
            let body = ["{\"key\":", &key, ",\"page\":", &page, "}"].concat();
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(%error, "the answer with a new key couldn't be written");
            error_pages::answer(Error::Internal)
        }
    }
}
