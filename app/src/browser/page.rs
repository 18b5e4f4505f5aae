//! The page that is shown: another one is put in its place, and its address in the history.

use super::{
    address,
    complete::complete,
    dom::{self, document, window},
    modal,
    morph::{self, Fields},
    request::{self, Answer, FormRequest},
};
use js_sys::futures::spawn_local;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Url};

thread_local! {
    /// How many pages were asked for.
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

/// A page that is asked for. An answer that comes after the next one was asked for is out of date.
#[derive(Clone, Copy)]
pub(super) struct HistoryEntry(u32);

impl HistoryEntry {
    /// Asks for a page.
    pub(super) fn begin() -> Self {
        ASKED.set(ASKED.get().wrapping_add(1));
        Self(ASKED.get())
    }

    /// What was asked for last.
    pub(super) fn last() -> Self {
        Self(ASKED.get())
    }

    /// Was nothing else asked for since?
    pub(super) fn is_last(self) -> bool {
        ASKED.get() == self.0
    }
}

/// What happens to the address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum History {
    /// It becomes that of the answer; where only the query differs, `push` decides whether Back leads to the old one.
    Take { push: bool },
    /// It stays: a dialog of the page, or a form that was refused and answered with the page.
    Stay,
}

impl History {
    /// After a form: the answer to a POST without a redirect has the address of the form, which is no page.
    pub(super) fn after_form(form: &Element, is_page: bool) -> Self {
        if is_page || form.has_attribute("data-in-place") {
            History::Stay
        } else {
            History::Take { push: form.get_attribute("method").as_deref() == Some("get") }
        }
    }
}

/// Goes back and forth within pages that were put in place of each other, and resets what a page from the browser's own
/// cache holds.
pub(super) fn listen() {
    address::begin();
    dom::listen(&window(), "popstate", false, |_| {
        if address::is_changed() {
            visit(address::location(), Some(Fields::ResetAll));
        }
    });
    dom::on("click", |event| {
        if let Some(link) = dom::target_in(&event, "a[data-in-place]")
            && let Some(href) = link.get_attribute("href")
        {
            event.prevent_default();
            visit(href, None);
        }
    });
}

/// An answer to a form, which the browser shows at the form's address, takes the address of its page: loading it again
/// must not send the form again.
pub(super) fn take_address() {
    let here = document().document_element().and_then(|html| html.get_attribute("data-here"));
    if let Some(here) = here {
        address::replace(&here);
    }
}

/// Shows the page with this address: one that the history leads to (`fields`), or one that a link leads to.
fn visit(url: String, fields: Option<Fields>) {
    let visit = HistoryEntry::begin();
    spawn_local(async move {
        match request::send(&url, FormRequest::Get).await {
            Ok(_) if !visit.is_last() => {}
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

/// Puts a page in the place of the one that is shown.
pub(super) fn arrive(answer: Answer, fields: Fields, history: History) {
    let Answer { page, url, .. } = answer;
    if is_of_another_build(&page) {
        let _ = window().location().assign(&url);
        return;
    }
    let (path, query) = local(&url);
    let is_other = window().location().pathname().is_ok_and(|here| here != path);
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
    if is_other {
        window().scroll_to_with_x_and_y(0.0, 0.0);
        begin_at_the_top();
    }
}

/// The parts of a document that are seen, and its title.
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

/// Another page: the focus starts where it would have without a script, and what is read aloud starts with the title.
fn begin_at_the_top() {
    if dom::find("dialog:modal").is_some() {
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

/// Gives the focus back if what had it is gone: to what opened the last dialog, to the heading of the form's section, to the
/// page's content.
pub(super) fn keep_focus(form: Option<&Element>) {
    if !modal::is_focus_lost() || modal::focus_opener() {
        return;
    }
    let section = form.and_then(|form| dom::closest(form, "section[aria-labelledby]"));
    let heading = section.and_then(|section| dom::by_id(&section.get_attribute("aria-labelledby")?));
    if let Some(heading) = &heading {
        dom::set(heading, "tabindex", "-1");
    }
    if !heading.as_ref().is_some_and(dom::focus)
        && let Some(main) = dom::by_id("main")
    {
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
