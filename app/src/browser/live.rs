//! Pages that follow the server: pieces of HTML come as server-sent events and are put on top of a list (`data-list`), or in
//! the place of what was there.
//!
//! A page that is not visible follows nothing, because browsers open few connections to a server.

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
/// How long a server that does not answer is left alone.
const RETRY_MS: i32 = 15_000;
const LINES: &str = "details.event";

thread_local! {
    static FOLLOWERS: RefCell<Vec<Rc<Follower>>> = const { RefCell::new(Vec::new()) };
}

/// Reacts to the page's visibility and to the buttons that pause.
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

/// Follows what the page that is shown wants to follow, and nothing else.
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
            ended: Cell::default(),
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
    /// Another page was put in the place of this one.
    ended: Cell<bool>,
    /// How many lines came since the page was loaded.
    new: Cell<u32>,
}

impl Follower {
    /// Opens or closes the connection, as it should be now.
    fn follow(self: &Rc<Self>) {
        let wanted = !self.paused.get() && !self.ended.get() && !document().hidden();
        if wanted == self.source.borrow().is_some() {
            return;
        }
        let Some(source) = wanted.then(|| self.open()).flatten() else {
            if let Some(source) = self.source.take() {
                source.close();
            }
            return;
        };
        let follower = self.clone();
        dom::listen(&source, "message", false, move |event| follower.take(event.unchecked_ref()));
        let follower = self.clone();
        dom::listen(&source, "on", false, move |_| follower.say_new());
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
        let Some(html) = event.data().as_string().filter(|_| !self.ended.get()) else { return };
        self.last.replace(Some(event.last_event_id()));
        match &self.list {
            Some(list) => self.put_on_top(list, &html),
            None => self.panel.set_inner_html(&html),
        }
        times::localize();
        if let Some(done) = self.find("[data-done]") {
            let words = dom::within(&done, "h2").and_then(|title| title.text_content());
            if let Some(told) = dom::by_id("told") {
                told.set_text_content(words.as_deref());
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
        self.say_new();
        if list.child_element_count() > MAX_LINES {
            self.stop();
            self.pause("This page is full. <a href=\"\">Reload</a> to see newer events.");
        }
    }

    /// The browser tries again by itself, unless the answer was none that it understands.
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
        self.ended.set(true);
        self.follow();
    }

    /// How many are new, and that there will be more.
    fn say_new(&self) {
        let new = self.new.get();
        let words = [new.to_string().as_str(), if new == 1 { " new event." } else { " new events." }].concat();
        self.say(if new == 0 { "Live: new events appear automatically." } else { &words }, "on");
        if new > 0 {
            for added in dom::all("[data-added]") {
                added.set_text_content(Some(&["(", &new.to_string(), " new)"].concat()));
            }
        }
    }

    /// Says why nothing comes now.
    fn pause(&self, html: &str) {
        self.say(html, "off");
    }

    fn say(&self, html: &str, state: &str) {
        if let (Some(status), Some(_)) = (self.find("[role=status]"), &self.list) {
            status.set_inner_html(html);
            dom::set(&self.panel, "data-state", state);
        }
    }

    fn find(&self, selector: &str) -> Option<Element> {
        dom::within(&self.panel, selector)
    }
}

/// How many lines of the log stand in the list, some of them together.
fn lines(list: &Element) -> u32 {
    let count =
        |line: &Element| line.get_attribute("data-count").and_then(|count| count.parse::<u32>().ok()).unwrap_or(1);
    dom::all_within(list, LINES).iter().map(count).sum()
}
