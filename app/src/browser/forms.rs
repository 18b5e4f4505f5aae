//! Forms. The rules of `domain` check them before they are sent, and on each change after a first error. They are sent
//! without leaving the page.

use super::{
    address, dom,
    messages::{CHECKED, PRESSED, alert, clear_notices, focus_first_invalid, forget, hide_alerts, show},
    modal::{self, SectionHeading},
    morph::Fields,
    page::{self, HistoryEntry},
    request::{self, FormRequest},
};
use crate::forms::{ATTRIBUTE, Check, FieldMessages};
use js_sys::futures::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FormData, HtmlElement, HtmlFormElement, SubmitEvent, UrlSearchParams};

pub(super) fn listen() {
    dom::on("submit", |event| {
        if let Some(event) = event.dyn_ref::<SubmitEvent>() {
            submitted(event);
        }
    });
    for event in ["input", "change"] {
        dom::on(event, changed);
    }
    dom::on("reset", |event| {
        if let Some(form) = dom::target(&event) {
            forget(&form);
        }
    });
}

fn submitted(event: &SubmitEvent) {
    let Some(form) = dom::target(event).and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
    let method = form.get_attribute("method").unwrap_or_default();
    if event.default_prevented() || form.has_attribute("target") || !matches!(method.as_str(), "get" | "post") {
        return;
    }
    event.prevent_default();
    if form.has_attribute("aria-busy") {
        return;
    }
    let button = event.submitter();
    let mut values = values(&form);
    values.extend(button.as_ref().and_then(name_and_value));
    let messages = check(&form, &values);
    show(&form, &messages);
    if !messages.is_empty() {
        mark_refused(&form, button.as_ref());
        focus_first_invalid(&form);
        return;
    }
    clear_notices(&form);
    send(form, method == "post", values, button);
}

/// Sends a form, and shows the response.
fn send(form: HtmlFormElement, is_post: bool, mut values: Vec<(String, String)>, button: Option<HtmlElement>) {
    // The property `action` would be a field of the form with that name.
    let action = form.get_attribute("action").unwrap_or_else(address::location);
    let entry = HistoryEntry::begin();
    let wait = Wait::begin(&form, button.clone());
    let section = SectionHeading::around(&form);
    spawn_local(async move {
        let answer = if is_post {
            request::send(&action, FormRequest::Post(&values)).await
        } else {
            values.retain(|(_, value)| !value.is_empty());
            request::send(&address::with_query(&action, &values), FormRequest::Get).await
        };
        wait.end();
        match answer {
            // Another page was requested meanwhile.
            Ok(_) if !is_post && !entry.is_last() => {}
            Ok(answer) => {
                let fields = if is_post { Fields::Reset(form.clone().into()) } else { Fields::Keep };
                let is_page = is_post && !answer.redirected;
                let had_dialog = modal::is_open();
                page::arrive(answer, fields, page::History::after_form(&form, is_page));
                if let Some(button) = button.clone().filter(|_| !had_dialog && modal::is_open()) {
                    modal::opened_by(button.into());
                }
                place_focus(&form, button.as_ref(), section.as_ref(), is_page);
            }
            Err(message) => alert(&form, &message),
        }
    });
}

/// Moves the focus after the response. If the server refused the form, it is also checked on each change. `is_page`: the
/// form was answered with a page, not with a redirect; if that still shows its dialog, the server refused it.
fn place_focus(form: &HtmlFormElement, button: Option<&HtmlElement>, section: Option<&SectionHeading>, is_page: bool) {
    if form.is_connected() && focus_first_invalid(form) {
        mark_refused(form, button);
    } else if !(is_page && modal::focus_start(form)) {
        page::keep_focus(section);
    }
}

/// Marks the form, so that each change is checked as if it were sent with the same button.
fn mark_refused(form: &Element, button: Option<&HtmlElement>) {
    dom::set(form, CHECKED, "");
    if let Some((name, value)) = button.and_then(name_and_value) {
        dom::set(form, PRESSED, &crate::form_encoding::write(&[(name, value)]));
    }
}

fn changed(event: Event) {
    let Some(form) = dom::target(&event).and_then(|field| owner(&field)) else { return };
    if form.has_attribute(CHECKED) {
        let mut values = values(&form);
        values.extend(crate::form_encoding::parse(&form.get_attribute(PRESSED).unwrap_or_default()));
        let messages = check(&form, &values);
        hide_alerts(&form);
        show(&form, &messages);
    }
}

/// The form of a field, which may be outside of it.
fn owner(field: &Element) -> Option<HtmlFormElement> {
    let form = match field.get_attribute("form") {
        Some(id) => dom::by_id(&id),
        None => dom::closest(field, "form"),
    };
    form?.dyn_into().ok()
}

/// The name and value of the button that sends a form.
fn name_and_value(button: &HtmlElement) -> Option<(String, String)> {
    let name = button.get_attribute("name")?;
    Some((name, button.get_attribute("value").unwrap_or_default()))
}

/// The values of a form.
pub(super) fn values(form: &HtmlFormElement) -> Vec<(String, String)> {
    let written = FormData::new_with_form(form)
        .and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data))
        .map(|written| String::from(written.to_string()));
    crate::form_encoding::parse(&written.unwrap_or_default())
}

fn check(form: &Element, values: &[(String, String)]) -> FieldMessages {
    let check = form.get_attribute(ATTRIBUTE).and_then(|text| Check::parse(&text));
    check.map(|check| check.run(values)).unwrap_or_default()
}

/// A form that is being sent. The button shows it, and the form is not sent twice.
struct Wait {
    form: HtmlFormElement,
    button: Option<HtmlElement>,
    label: Option<String>,
}

impl Wait {
    fn begin(form: &HtmlFormElement, button: Option<HtmlElement>) -> Self {
        dom::set(form, "aria-busy", "true");
        let mut label = None;
        if let Some(button) = &button {
            dom::set(button, "aria-busy", "true");
            if let Some(busy) = button.get_attribute("data-busy") {
                label = button.text_content();
                button.set_text_content(Some(&busy));
            }
        }
        Self { form: form.clone(), button, label }
    }

    fn end(self) {
        dom::unset(&self.form, "aria-busy");
        if let Some(button) = &self.button {
            dom::unset(button, "aria-busy");
            if let Some(label) = &self.label {
                button.set_text_content(Some(label));
            }
        }
    }
}
