//! Forms: checked with the rules of `domain` before they are sent, and after a first error on each change; sent without
//! leaving the page.

use super::{
    dom,
    morph::Fields,
    page::{self, Visit},
    request::{self, Request},
};
use crate::forms::{ATTRIBUTE, Check, FieldMessages};
use js_sys::futures::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FormData, HtmlElement, HtmlFormElement, SubmitEvent, UrlSearchParams};

/// Marks a form that was refused: from then on each change is checked.
const CHECKED: &str = "data-checked";
/// The button with which a form was refused: what is wrong may depend on it.
const PRESSED: &str = "data-pressed";

/// Takes over the forms of the page.
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
    values.extend(button.as_ref().and_then(named));
    let messages = check(&form, &values);
    show(&form, &messages);
    if !messages.is_empty() {
        refuse(&form, button.as_ref());
        focus_first_invalid(&form);
        return;
    }
    clear_notices(&form);
    send(form, method == "post", values, button);
}

/// Sends a form, and shows the answer.
fn send(form: HtmlFormElement, is_post: bool, mut values: Vec<(String, String)>, button: Option<HtmlElement>) {
    // The property would be a field of the form, where one is called "action".
    let action = form.get_attribute("action").unwrap_or_else(page::location);
    let visit = Visit::begin();
    let wait = Wait::begin(&form, button.clone());
    spawn_local(async move {
        let answer = if is_post {
            request::send(&action, Request::Post(&values)).await
        } else {
            values.retain(|(_, value)| !value.is_empty());
            request::send(&page::with_query(&action, &values), Request::Get).await
        };
        wait.end();
        match answer {
            // Another page was asked for meanwhile.
            Ok(_) if !is_post && !visit.is_last() => {}
            Ok(answer) => {
                let fields = if is_post { Fields::Reset(form.clone().into()) } else { Fields::Keep };
                let is_page = is_post && !answer.redirected;
                page::arrive(answer, fields, page::History::after_form(&form, is_page));
                after(&form, button.as_ref());
            }
            Err(message) => alert(&form, &message),
        }
    });
}

/// Where the focus goes when the answer is shown. A form that the server refused is checked on each change, too.
fn after(form: &HtmlFormElement, button: Option<&HtmlElement>) {
    if !form.is_connected() {
        page::keep_focus(None);
    } else if focus_first_invalid(form) {
        refuse(form, button);
    } else {
        page::keep_focus(Some(form));
    }
}

/// From now on each change of the form is checked, as if it were sent with the same button.
fn refuse(form: &Element, button: Option<&HtmlElement>) {
    dom::set(form, CHECKED, "");
    if let Some((name, value)) = button.and_then(named) {
        dom::set(form, PRESSED, &crate::return_to::write(&[(name, value)]));
    }
}

fn changed(event: Event) {
    let Some(form) = dom::target(&event).and_then(|field| owner(&field)) else { return };
    if form.has_attribute(CHECKED) {
        let mut values = values(&form);
        values.extend(crate::return_to::parse(&form.get_attribute(PRESSED).unwrap_or_default()));
        let messages = check(&form, &values);
        hide_alerts(&form);
        show(&form, &messages);
    }
}

/// The form that a field belongs to, which need not be around it.
fn owner(field: &Element) -> Option<HtmlFormElement> {
    let form = match field.get_attribute("form") {
        Some(id) => dom::by_id(&id),
        None => dom::closest(field, "form"),
    };
    form?.dyn_into().ok()
}

/// The name and value of the button that sends a form.
fn named(button: &HtmlElement) -> Option<(String, String)> {
    let name = button.get_attribute("name")?;
    Some((name, button.get_attribute("value").unwrap_or_default()))
}

/// What a form holds.
pub(super) fn values(form: &HtmlFormElement) -> Vec<(String, String)> {
    let written = FormData::new_with_form(form)
        .and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data))
        .map(|written| String::from(written.to_string()));
    crate::return_to::parse(&written.unwrap_or_default())
}

fn check(form: &Element, values: &[(String, String)]) -> FieldMessages {
    let check = form.get_attribute(ATTRIBUTE).and_then(|text| Check::parse(&text));
    check.map(|check| check.run(values)).unwrap_or_default()
}

/// Shows what is wrong with each field, and takes away what is no longer.
fn show(form: &HtmlFormElement, messages: &FieldMessages) {
    for slot in dom::all_within(form, "[data-error]") {
        let name = slot.get_attribute("data-error").unwrap_or_default();
        mark(form, &slot, &name, messages.of(&name));
    }
    // What has no place beside a field is said above the form.
    let mut elsewhere = messages.iter().filter(|(name, _)| slot(form, name).is_none()).map(|(_, message)| message);
    if let Some(message) = elsewhere.next() {
        alert(form, message);
    }
}

fn slot(form: &Element, name: &str) -> Option<Element> {
    dom::within(form, &["[data-error='", name, "']"].concat())
}

/// Marks a field as wrong or right. The message takes the place of the hint.
fn mark(form: &Element, slot: &Element, name: &str, message: Option<&str>) {
    if let (Some(text), Some(message)) = (dom::within(slot, "span"), message)
        && text.text_content().as_deref() != Some(message)
    {
        text.set_text_content(Some(message));
    }
    dom::hide(slot, message.is_none());
    let hint = slot.next_element_sibling().filter(|next| next.matches("[data-hint]").unwrap_or(false));
    if let Some(hint) = &hint {
        dom::hide(hint, message.is_some());
    }
    let field = ["[name='", name, "']:not([type=hidden])"].concat();
    let Some(control) = dom::within(form, &field) else { return };
    let is_choice = matches!(control.get_attribute("type").as_deref(), Some("radio" | "checkbox"));
    let control = if is_choice { dom::closest(&control, "fieldset") } else { Some(control) };
    let Some(control) = control else { return };
    if message.is_some() && !is_choice {
        dom::set(&control, "aria-invalid", "true");
    } else {
        dom::unset(&control, "aria-invalid");
    }
    let note = if message.is_some() { Some(slot.id()) } else { hint.map(|hint| hint.id()) };
    let own = [slot.id(), [&slot.id(), ".hint"].concat()];
    let described = control.get_attribute("aria-describedby").unwrap_or_default();
    let others = described.split_whitespace().filter(|id| !own.iter().any(|own| own == id)).map(str::to_owned);
    let ids: Vec<String> = note.into_iter().chain(others).collect();
    if ids.is_empty() {
        dom::unset(&control, "aria-describedby");
    } else {
        dom::set(&control, "aria-describedby", &ids.join(" "));
    }
}

/// Puts the focus on the first field that is wrong. Returns whether there is one.
fn focus_first_invalid(form: &Element) -> bool {
    let first = dom::all_within(form, "[aria-invalid=true]").into_iter().find(dom::focus);
    if first.is_some() {
        return true;
    }
    let slots = dom::all_within(form, "[data-error]:not([hidden])");
    slots.into_iter().any(|slot| {
        let name = slot.get_attribute("data-error").unwrap_or_default();
        let field = ["[name='", &name, "']:not([type=hidden], :disabled)"].concat();
        dom::within(form, &field).is_some_and(|field| dom::focus(&field))
    })
}

/// A form as it was before it was refused.
pub(super) fn forget(form: &Element) {
    dom::unset(form, CHECKED);
    dom::unset(form, PRESSED);
    if let Some(form) = form.dyn_ref::<HtmlFormElement>() {
        show(form, &FieldMessages::default());
    }
    for place in dom::all_within(form, "[data-alert]") {
        dom::hide(&place, true);
    }
}

/// Says in the form, else above the page's content, why it was not done.
pub(super) fn alert(form: &Element, message: &str) {
    let place = dom::within(form, "[data-alert]").or_else(|| dom::find("[data-notices] > [data-alert]"));
    if let Some(place) = place {
        if let Some(text) = dom::within(&place, "div") {
            text.set_text_content(Some(message));
        }
        dom::hide(&place, false);
    }
}

/// Hides why the form was not sent.
fn hide_alerts(form: &Element) {
    let above = dom::all("[data-notices] > [data-alert]");
    for place in dom::all_within(form, "[data-alert]").into_iter().chain(above) {
        dom::hide(&place, true);
    }
}

/// Takes away what was said about an earlier change, so that the same sentence is announced again.
fn clear_notices(form: &Element) {
    hide_alerts(form);
    for banner in dom::all("[data-notices] > [role=status] > *") {
        banner.remove();
    }
}

/// A form that is being sent: it says so, and is not sent twice.
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
