//! What may be sent: forms, and not more than a form can hold. Checked and read here, before any handler.

use crate::web::error_pages;
use crate::{connections, content_encoding};
use app::error::AppError;
use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use domain::Error;
use http_body_util::BodyExt as _;

/// The most bytes of a form.
pub(in crate::web) const FORM: usize = 64 * 1024;
/// The most bytes of the form for an SSO method: metadata XML of 256 KiB, escaped.
pub(in crate::web) const SSO_FORM: usize = 320 * 1024;
/// Lets a POST through with its body read, if it is a form, not encoded and not too large: 415 and 413 otherwise.
pub(in crate::web) async fn forms_only(request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    if let Some(encoding) = content_encoding::of(request.headers()) {
        return error_pages::answer(AppError::Encoded(encoding));
    }
    let (parts, body) = request.into_parts();
    let limit = limit(parts.uri.path());
    match read(body, limit).await {
        Ok(bytes) if is_form(&parts.headers) || is_nothing(&bytes, &parts.headers) => {
            next.run(Request::from_parts(parts, Body::from(bytes))).await
        }
        Ok(_) => error_pages::answer_with(StatusCode::UNSUPPORTED_MEDIA_TYPE, AppError::Domain(Error::Malformed)),
        Err(BodyError::TooLarge) => error_pages::answer(AppError::TooLarge),
        Err(BodyError::TooSlow) => error_pages::answer(AppError::TooSlow),
        Err(BodyError::Broken) => error_pages::answer(AppError::Domain(Error::Malformed)),
    }
}

fn limit(path: &str) -> usize {
    if matches!(path, "/api/sso/add" | "/api/sso/edit") { SSO_FORM } else { FORM }
}

/// `application/x-www-form-urlencoded`, with or without parameters.
fn is_form(headers: &HeaderMap) -> bool {
    let named = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = named.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// A request without a body, which does not say either what it would be.
fn is_nothing(body: &Bytes, headers: &HeaderMap) -> bool {
    body.is_empty() && !headers.contains_key(header::CONTENT_TYPE)
}

enum BodyError {
    TooLarge,
    TooSlow,
    Broken,
}

/// Stops at the limit: what is left unread is dropped further out, so that the sender gets to see the answer.
async fn read(mut body: Body, limit: usize) -> Result<Bytes, BodyError> {
    if body.size_hint().lower() > limit as u64 {
        return Err(BodyError::TooLarge);
    }
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(
                |error| if connections::is_body_timeout(&error) { BodyError::TooSlow } else { BodyError::Broken },
            )?;
        let Ok(data) = frame.into_data() else { continue };
        if read.len() + data.len() > limit {
            return Err(BodyError::TooLarge);
        }
        read.extend_from_slice(&data);
    }
    Ok(read.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_forms_are_forms() {
        for (content_type, is) in [
            ("application/x-www-form-urlencoded", true),
            ("Application/X-WWW-Form-Urlencoded; charset=UTF-8", true),
            ("text/plain", false),
            ("application/json", false),
            ("multipart/form-data; boundary=x", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
            assert_eq!(is_form(&headers), is, "{content_type}");
        }
        assert!(!is_form(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn a_body_may_be_as_large_as_the_limit() {
        assert!(matches!(read(Body::from("abc"), 3).await, Ok(bytes) if bytes == "abc"));
        assert!(matches!(read(Body::from("abcd"), 3).await, Err(BodyError::TooLarge)));
    }
}
