//! Live updates. The server sends pieces of HTML as server-sent events. They are inserted at the top of a list
//! (`data-list`), or replace an element.
//!
//! A hidden page has no connection, because browsers open few connections to a server.

use super::{
    dom::{self, document},
    times,
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, EventSource, MessageEvent};

/// Upper bound of lines and headings on a page.
const MAX_LINES: u32 = 800;
/// The pause before another request to a server that does not respond.
const RETRY_MS: i32 = 15_000;
const LINES: &str = "details.event";

thread_local! {
    static FOLLOWERS: RefCell<Vec<Rc<Follower>>> = const { RefCell::new(Vec::new()) };
}

pub(super) fn listen() {
    dom::on("visibilitychange", |_| {
        for follower in FOLLOWERS.with_borrow(Clone::clone) {
            follower.follow();
        }
    });
    dom::on("click", |event| {
        let Some(button) = dom::target_in(&event, "[data-live] > button") else { return };
        let followers = FOLLOWERS.with_borrow(Clone::clone);
        if let Some(follower) = followers.into_iter().find(|one| one.panel.contains(Some(&button))) {
            follower.toggle(&button);
        }
    });
}

/// Follows the source of the current page, and no other.
pub(super) fn follow() {
    for old in FOLLOWERS.take() {
        old.end();
    }
    for panel in dom::all("[data-live]") {
        let list = panel.get_attribute("data-list").and_then(|id| dom::by_id(&id));
        let last = RefCell::new(panel.get_attribute("data-after"));
        let follower = Rc::new(Follower {
            panel,
            list,
            last,
            source: RefCell::default(),
            paused: Cell::default(),
            is_replaced: Cell::default(),
            new: Cell::default(),
        });
        follower.follow();
        FOLLOWERS.with_borrow_mut(|followers| followers.push(follower));
    }
}

struct Follower {
    panel: Element,
    list: Option<Element>,
    last: RefCell<Option<String>>,
    source: RefCell<Option<EventSource>>,
    paused: Cell<bool>,
    /// Another page replaced this one.
    is_replaced: Cell<bool>,
    /// The number of new lines since the page was loaded.
    new: Cell<u32>,
}

impl Follower {
    /// Opens or closes the connection according to the page's state.
    fn follow(self: &Rc<Self>) {
        let should_follow = !self.paused.get() && !self.is_replaced.get() && !document().hidden();
        if should_follow == self.source.borrow().is_some() {
            return;
        }
        let Some(source) = should_follow.then(|| self.open()).flatten() else {
            if let Some(source) = self.source.take() {
                source.close();
            }
            return;
        };
        let follower = self.clone();
        dom::listen(&source, "message", false, move |event| follower.take(event.unchecked_ref()));
        let follower = self.clone();
        dom::listen(&source, "on", false, move |_| follower.announce_new());
        for over in [false, true] {
            let follower = self.clone();
            dom::listen(&source, if over { "over" } else { "notice" }, false, move |event| {
                follower.pause(&event.unchecked_ref::<MessageEvent>().data().as_string().unwrap_or_default());
                if over {
                    follower.stop();
                }
            });
        }
        let follower = self.clone();
        dom::listen(&source, "error", false, move |_| follower.check());
        self.source.replace(Some(source));
    }

    fn open(&self) -> Option<EventSource> {
        let mut url = self.panel.get_attribute("data-live")?;
        if let Some(last) = &*self.last.borrow() {
            url.push_str(if url.contains('?') { "&after=" } else { "?after=" });
            url.push_str(last);
        }
        EventSource::new(&url).ok()
    }

    fn toggle(self: &Rc<Self>, button: &Element) {
        self.paused.set(!self.paused.get());
        button.set_text_content(Some(if self.paused.get() { "Resume" } else { "Pause" }));
        self.pause("Paused.");
        self.follow();
    }

    fn take(self: &Rc<Self>, event: &MessageEvent) {
        let Some(html) = event.data().as_string().filter(|_| !self.is_replaced.get()) else { return };
        self.last.replace(Some(event.last_event_id()));
        match &self.list {
            Some(list) => self.put_on_top(list, &html),
            None => self.panel.set_inner_html(&html),
        }
        times::localize();
        if let Some(done) = self.find("[data-done]") {
            let words = dom::within(&done, "h2").and_then(|title| title.text_content());
            if let Some(result) = dom::by_id("result-status") {
                result.set_text_content(words.as_deref());
            }
            self.stop();
        }
    }

    fn put_on_top(self: &Rc<Self>, list: &Element, html: &str) {
        if let Some(nothing) = dom::within(list, ".empty") {
            nothing.remove();
        }
        let before = lines(list);
        let _ = list.insert_adjacent_html("afterbegin", html);
        let after = lines(list);
        self.new.set(self.new.get() + after - before);
        self.announce_new();
        if list.child_element_count() > MAX_LINES {
            self.stop();
            self.pause("This page is full. <a href=\"\">Reload</a> to see newer events.");
        }
    }

    /// The browser reconnects by itself, unless it cannot use the response.
    fn check(self: &Rc<Self>) {
        if self.source.borrow().as_ref().is_some_and(|source| source.ready_state() == EventSource::CLOSED) {
            self.source.take();
            self.pause("Connection lost. Reconnecting automatically…");
            let follower = self.clone();
            dom::after(RETRY_MS, move || follower.follow());
        }
    }

    fn stop(self: &Rc<Self>) {
        self.paused.set(true);
        self.follow();
        for selector in ["button", ".dot-live"] {
            if let (Some(part), Some(_)) = (self.find(selector), &self.list) {
                part.remove();
            }
        }
    }

    fn end(self: &Rc<Self>) {
        self.is_replaced.set(true);
        self.follow();
    }

    /// Shows the number of new lines, and that more will follow.
    fn announce_new(&self) {
        let new = self.new.get();
        let words = [new.to_string().as_str(), if new == 1 { " new event." } else { " new events." }].concat();
        self.announce(if new == 0 { "Live: new events appear automatically." } else { &words }, "on");
        if new > 0 {
            for place in dom::all("[data-new-count]") {
                place.set_text_content(Some(&["(", &new.to_string(), " new)"].concat()));
            }
        }
    }

    /// Shows the reason for the pause.
    fn pause(&self, html: &str) {
        self.announce(html, "off");
    }

    fn announce(&self, html: &str, state: &str) {
        if let (Some(status), Some(_)) = (self.find("[role=status]"), &self.list) {
            status.set_inner_html(html);
            dom::set(&self.panel, "data-state", state);
        }
    }

    fn find(&self, selector: &str) -> Option<Element> {
        dom::within(&self.panel, selector)
    }
}

/// The number of lines of the log in the list, where an item can combine several.
fn lines(list: &Element) -> u32 {
    let count =
        |line: &Element| line.get_attribute("data-count").and_then(|count| count.parse::<u32>().ok()).unwrap_or(1);
    dom::all_within(list, LINES).iter().map(count).sum()
}
