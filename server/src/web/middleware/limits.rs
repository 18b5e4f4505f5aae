//! Limits of submitted bodies: only forms, and not larger than a form can be. They are checked and read here, before any handler.

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

/// The largest form, in bytes.
pub(in crate::web) const FORM: usize = 64 * 1024;
/// The largest form of an SSO method, in bytes: metadata XML of 256 KiB, escaped.
pub(in crate::web) const SSO_FORM: usize = 320 * 1024;
/// Passes a POST with its body, if it is a form, not encoded and not too large. Otherwise the response is 415 or 413.
pub(in crate::web) async fn forms_only(request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    if let Some(encoding) = content_encoding::of(request.headers()) {
        return error_pages::answer(AppError::Encoded(encoding));
    }
    let (parts, body) = request.into_parts();
    let limit = limit(parts.uri.path());
    match read_body(body, limit).await {
        Ok(bytes) if is_form(&parts.headers) || is_empty(&bytes, &parts.headers) => {
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
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Whether the request has no body and no type of one.
fn is_empty(body: &Bytes, headers: &HeaderMap) -> bool {
    body.is_empty() && !headers.contains_key(header::CONTENT_TYPE)
}

enum BodyError {
    TooLarge,
    TooSlow,
    Broken,
}

/// Stops at the limit. An outer layer drains the rest, so that the client gets the response.
async fn read_body(mut body: Body, limit: usize) -> Result<Bytes, BodyError> {
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
    fn only_the_content_type_of_forms_is_accepted() {
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
        assert!(matches!(read_body(Body::from("abc"), 3).await, Ok(bytes) if bytes == "abc"));
        assert!(matches!(read_body(Body::from("abcd"), 3).await, Err(BodyError::TooLarge)));
    }
}
