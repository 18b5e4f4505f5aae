//! Requests for pages. The server responds as it does to a browser without scripts.

use super::dom::window;
use crate::{error::AppError, form_encoding, return_to};
use domain::Error;
use js_sys::futures::JsFuture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, DomParser, Headers, RequestInit, Response, SupportedType};

/// A page in a response.
pub(super) struct Answer {
    /// The parsed page. Its scripts do not run.
    pub(super) page: Document,
    /// The URL after redirects.
    pub(super) url: String,
    pub(super) redirected: bool,
}

/// The kind of a request.
pub(super) enum FormRequest<'a> {
    Get,
    /// A page, in a periodic request of the page itself.
    Poll,
    /// The response to a form.
    Post(&'a [(String, String)]),
}

/// Sends a request and parses the page in the response.
///
/// # Errors
/// The sentence of a page that only contains a message, or a sentence for the status.
pub(super) async fn send(url: &str, request: FormRequest<'_>) -> Result<Answer, String> {
    let response = fetch(url, request).await.map_err(|_| AppError::Unreachable.to_string())?;
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await.ok().and_then(|text| text.as_string()),
        Err(_) => None,
    };
    let text = text.ok_or_else(|| AppError::Unreachable.to_string())?;
    let page = DomParser::new()
        .and_then(|parser| parser.parse_from_string(&text, SupportedType::TextHtml))
        .map_err(|_| AppError::from(Error::Internal).to_string())?;
    if let Ok(Some(failed)) = page.query_selector("[data-failure]") {
        return Err(failed.get_attribute("data-failure").unwrap_or_default());
    }
    // A response without this element comes from something between the browser and Rollcall.
    if page.get_element_by_id("main").is_none() {
        return Err(error_of(response.status()).to_string());
    }
    Ok(Answer { page, url: response.url(), redirected: response.redirected() })
}

async fn fetch(url: &str, request: FormRequest<'_>) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("Accept", "text/html")?;
    let init = RequestInit::new();
    match request {
        FormRequest::Get => {}
        FormRequest::Poll => headers.set(return_to::POLL, "1")?,
        FormRequest::Post(values) => {
            headers.set("Content-Type", "application/x-www-form-urlencoded")?;
            init.set_method("POST");
            init.set_body(&JsValue::from_str(&form_encoding::write(values)));
        }
    }
    init.set_headers(&headers);
    JsFuture::from(window().fetch_with_str_and_init(url, &init)).await?.dyn_into()
}

fn error_of(status: u16) -> AppError {
    match status {
        413 => AppError::TooLarge,
        502..=504 => AppError::Unreachable,
        _ => Error::Internal.into(),
    }
}
