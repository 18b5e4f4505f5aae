//! The current page: its replacement by another one, and its URL in the history.

use super::{
    address,
    complete::complete,
    dom::{self, document, window},
    modal::{self, SectionHeading},
    morph::{self, Fields},
    request::{self, Answer, FormRequest},
};
use js_sys::futures::spawn_local;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Url};

thread_local! {
    /// The number of requested pages.
    static REQUESTS: Cell<u32> = const { Cell::new(0) };
}

/// A request for a page. A response that arrives after a later request is outdated.
#[derive(Clone, Copy)]
pub(super) struct HistoryEntry(u32);

impl HistoryEntry {
    pub(super) fn begin() -> Self {
        REQUESTS.set(REQUESTS.get().wrapping_add(1));
        Self(REQUESTS.get())
    }

    /// The last request.
    pub(super) fn last() -> Self {
        Self(REQUESTS.get())
    }

    /// Is this the last request?
    pub(super) fn is_last(self) -> bool {
        REQUESTS.get() == self.0
    }
}

/// The change of the URL.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum History {
    /// The URL of the response. If only the query differs, `push` decides whether Back leads to the old one.
    Take { push: bool },
    /// No change: a dialog of the page, or a refused form whose response is the page.
    Stay,
}

impl History {
    /// The change after a form. The response to a POST without a redirect has the URL of the form, which is not a page.
    pub(super) fn after_form(form: &Element, is_page: bool) -> Self {
        if is_page || form.has_attribute("data-in-place") {
            History::Stay
        } else {
            History::Take { push: form.get_attribute("method").as_deref() == Some("get") }
        }
    }
}

/// Moves within the history of replaced pages, and resets the fields of a page of the browser's own cache.
pub(super) fn listen() {
    address::begin();
    dom::listen(&window(), "popstate", false, |_| {
        if address::is_changed() {
            load(address::location(), Some(Fields::ResetAll));
        }
    });
    dom::on("click", |event| {
        if let Some(link) = dom::target_in(&event, "a[data-in-place]")
            && let Some(href) = link.get_attribute("href")
        {
            event.prevent_default();
            load(href, None);
        }
    });
}

/// Replaces the URL of a form by the URL of its page, so that a reload does not send the form again.
pub(super) fn take_address() {
    let current_url = document().document_element().and_then(|html| html.get_attribute("data-page-url"));
    if let Some(current_url) = current_url {
        address::replace(&current_url);
    }
}

/// Shows the page at this URL, for the history (`fields`) or a link.
fn load(url: String, fields: Option<Fields>) {
    let entry = HistoryEntry::begin();
    spawn_local(async move {
        match request::send(&url, FormRequest::Get).await {
            Ok(_) if !entry.is_last() => {}
            Ok(answer) => match fields {
                Some(fields) => {
                    address::begin();
                    arrive(answer, fields, History::Stay);
                }
                None => {
                    arrive(answer, Fields::Keep, History::Take { push: false });
                    keep_focus(None);
                }
            },
            Err(_) => {
                let _ = window().location().assign(&url);
            }
        }
    });
}

/// Replaces the current page by a response.
pub(super) fn arrive(answer: Answer, fields: Fields, history: History) {
    let Answer { page, url, .. } = answer;
    if is_of_another_build(&page) {
        let _ = window().location().assign(&url);
        return;
    }
    let (path, query) = local(&url);
    let is_other = window().location().pathname().is_ok_and(|current_url| current_url != path);
    if let History::Take { push } = history {
        let target = [path, query].concat();
        if is_other || push && target != address::location() {
            address::push(&target);
        } else {
            address::replace(&target);
        }
    }
    let is_other = is_other && history != History::Stay;
    show(&page, if is_other { Fields::ResetAll } else { fields });
    if let Some(url) = refresh_url(&page) {
        let _ = window().location().assign(&url);
    }
    if is_other {
        window().scroll_to_with_x_and_y(0.0, 0.0);
        begin_at_the_top();
    }
}

/// The URL that a page leads to without a click. A browser only follows it in a document that it loads by itself.
fn refresh_url(page: &Document) -> Option<String> {
    let refresh = page.query_selector("meta[http-equiv=refresh]").ok().flatten()?;
    let content = refresh.get_attribute("content")?;
    content.split_once("url=").map(|(_, url)| url.to_owned())
}

/// Shows the visible parts of a document, and its title.
fn show(page: &Document, fields: Fields) {
    document().set_title(&page.title());
    if let (Some(old), Some(new)) = (document().document_element(), page.document_element()) {
        for name in ["data-now", "data-theme"] {
            match new.get_attribute(name) {
                Some(value) => dom::set(&old, name, &value),
                None => dom::unset(&old, name),
            }
        }
    }
    let scheme = "meta[name=color-scheme]";
    if let (Some(old), Ok(Some(new))) = (dom::find(scheme), page.query_selector(scheme)) {
        dom::set(&old, "content", &new.get_attribute("content").unwrap_or_default());
    }
    if let (Some(old), Some(new)) = (document().body(), page.body()) {
        morph::morph(&old, &new, &fields);
    }
    complete();
    modal::show_open();
}

/// Moves the focus to where it would be on a new page, so that screen readers start with the title.
fn begin_at_the_top() {
    if modal::is_open() {
        return;
    }
    let start = dom::find("[autofocus]").filter(dom::focus);
    if start.is_none()
        && let Some(title) = dom::find("h1")
    {
        dom::set(&title, "tabindex", "-1");
        dom::focus(&title);
    }
}

/// Restores a lost focus: to the opener of the last dialog, to the heading of the form's section, or to the page's
/// content.
pub(super) fn keep_focus(section: Option<&SectionHeading>) {
    if !modal::is_focus_lost() || modal::focus_opener() || section.is_some_and(SectionHeading::focus) {
        return;
    }
    if let Some(main) = dom::by_id("main") {
        dom::focus(&main);
    }
}

fn local(url: &str) -> (String, String) {
    Url::new(url).map(|url| (url.pathname(), url.search())).unwrap_or_default()
}

/// A server of another version has other scripts and styles.
fn is_of_another_build(page: &Document) -> bool {
    let script = |document: &Document| {
        let link = document.query_selector("link[rel=modulepreload]").ok().flatten();
        link.and_then(|link| link.dyn_into::<Element>().ok()?.get_attribute("href"))
    };
    matches!((script(&document()), script(page)), (Some(ours), Some(theirs)) if ours != theirs)
}
