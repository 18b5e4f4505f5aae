//! Making a page live.

use crate::{
    components::{copies, dom, moment::Kind, time::browser_ahead},
    json, live,
    model::{Authentication, Shell},
    pages::authentication::{AuthenticationPage, AuthenticationPageProps},
};
use domain::UnixMs;
use leptos::{mount::hydrate_from, prelude::document};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Hydrates what the document has data for, words its times in the reader's zone, and then says so in
/// `html[data-hydrated]`.
pub fn start() {
    hydrate();
    dom::look_after_dialogs();
    localize();
    copies::start();
    live::start();
    if let Some(html) = document().document_element() {
        // Cannot fail: the name is a valid one.
        let _ = html.set_attribute("data-hydrated", "");
    }
}

/// Makes the Authentication page live, if this is it.
fn hydrate() {
    let data = document().get_element_by_id("page").and_then(|script| script.text_content());
    let page = data.and_then(|data| json::read::<(Shell, Authentication)>(&data).ok());
    let main = document().get_element_by_id("main").and_then(|main| main.dyn_into::<HtmlElement>().ok());
    if let (Some((shell, data)), Some(main)) = (page, main) {
        let owner = hydrate_from(main, move || AuthenticationPage(AuthenticationPageProps { shell, data }));
        // It lives as long as the document.
        owner.forget();
    }
}

/// Words the times of the server's pages in the reader's zone, and shows the heading of each day once.
pub(crate) fn localize() {
    let now = document().document_element().and_then(|html| html.get_attribute("data-now"));
    let Some(now) = now.and_then(|now| now.parse().ok()) else {
        return;
    };
    let mut above = String::new();
    for time in all("time[data-kind]") {
        if let Some((kind, words)) = localize_one(&time, now)
            && kind == Kind::Day
            && let Some(heading) = time.parent_element()
        {
            // Cannot fail: the name is a valid one.
            let _ = heading.toggle_attribute_with_force("hidden", words == above);
            above = words;
        }
    }
}

fn localize_one(time: &Element, now: UnixMs) -> Option<(Kind, String)> {
    let kind = Kind::parse(&time.get_attribute("data-kind")?)?;
    let at = js_sys::Date::parse(&time.get_attribute("datetime")?) as UnixMs;
    let ahead = browser_ahead(at);
    let words = kind.words(at, now, ahead);
    time.set_text_content(Some(&words));
    if matches!(kind, Kind::Relative | Kind::Inline) {
        // Cannot fail: the name is a valid one.
        let _ = time.set_attribute("title", &Kind::Exact.words(at, now, ahead));
    }
    Some((kind, words))
}

pub(crate) fn all(selector: &str) -> Vec<Element> {
    let Ok(found) = document().query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}
