//! `GET /sso/{method}/saml/metadata`: our metadata, for the identity provider. It is public.

use super::method;
use crate::{
    sso::saml_sign_in::SamlAddresses,
    web::request::{PageError, PageRequest},
};
use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use domain::{Error, sso::Protocol};

pub(in crate::web) async fn metadata(page: PageRequest, Path(id): Path<String>) -> Result<Response, PageError> {
    let method = method(&page.state, id).await?;
    if method.method.protocol != Protocol::Saml {
        return Err(Error::NotFound.into());
    }
    let metadata = SamlAddresses::new(&page.state.config.public_url, method.method.id.as_str()).metadata();
    let content_type = HeaderValue::from_static("application/samlmetadata+xml");
    Ok(([(header::CONTENT_TYPE, content_type)], metadata).into_response())
}
