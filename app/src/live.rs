//! Pages that are not made live follow the server all the same: pieces of HTML come as server-sent events, and are put on
//! top of a list (`data-list`), or in the place of what was there.
//!
//! A page out of sight follows nothing: browsers open few connections to a server.

use crate::browser::{all, localize};
use leptos::prelude::document;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, EventSource, EventTarget, MessageEvent};

/// Beyond so many lines a page is long enough.
const MOST: u32 = 300;
const LINES: &str = "details.event";

/// Follows what the page wants to follow.
pub(crate) fn start() {
    for panel in all("[data-live]") {
        let list = panel.get_attribute("data-list").and_then(|id| document().get_element_by_id(&id));
        let last = RefCell::new(panel.get_attribute("data-after"));
        let follower = Rc::new(Follower { panel, list, last, source: RefCell::default(), paused: Cell::default() });
        follower.follow();
        if let Some(button) = follower.find("button") {
            let (follower, label) = (follower.clone(), button.clone());
            listen(&button, "click", move |_| {
                follower.paused.set(!follower.paused.get());
                label.set_text_content(Some(if follower.paused.get() { "Resume" } else { "Pause" }));
                follower.say(if follower.paused.get() { "Paused." } else { "New events appear here by themselves." });
                follower.follow();
            });
        }
        listen(&document(), "visibilitychange", move |_| follower.follow());
    }
}

struct Follower {
    panel: Element,
    list: Option<Element>,
    last: RefCell<Option<String>>,
    source: RefCell<Option<EventSource>>,
    paused: Cell<bool>,
}

impl Follower {
    /// Opens or closes the connection, as it should be now.
    fn follow(self: &Rc<Self>) {
        let wanted = !self.paused.get() && !document().hidden();
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
        listen(&source, "message", move |event| follower.take(event.unchecked_ref()));
        let follower = self.clone();
        listen(&source, "error", move |_| follower.check());
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

    fn take(self: &Rc<Self>, event: &MessageEvent) {
        let Some(html) = event.data().as_string() else { return };
        self.last.replace(Some(event.last_event_id()));
        match &self.list {
            Some(list) => self.put_on_top(list, &html),
            None => self.panel.set_inner_html(&html),
        }
        localize();
        if let Some(done) = self.find("[data-done]") {
            let words = done.query_selector("h2").ok().flatten().and_then(|title| title.text_content());
            if let Some(told) = document().get_element_by_id("told") {
                told.set_text_content(words.as_deref());
            }
            self.stop();
        }
    }

    fn put_on_top(self: &Rc<Self>, list: &Element, html: &str) {
        if let Ok(Some(nothing)) = list.query_selector(".empty") {
            nothing.remove();
        }
        let before = lines(list);
        let _ = list.insert_adjacent_html("afterbegin", html);
        let after = lines(list);
        let new = (after - before).to_string();
        self.say(&[new.as_str(), if new == "1" { " new event." } else { " new events." }].concat());
        if after > MOST {
            self.stop();
            self.say("This page is full. Load it again to see what is new.");
        }
    }

    /// The browser tries again by itself, unless the server does not want it to.
    fn check(self: &Rc<Self>) {
        if self.source.borrow().as_ref().is_some_and(|source| source.ready_state() == EventSource::CLOSED) {
            self.stop();
            self.say("This page does not update by itself any more. Load it again.");
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

    fn say(&self, words: &str) {
        if let (Some(status), Some(_)) = (self.find("[role=status]"), &self.list) {
            status.set_text_content(Some(words));
        }
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.panel.query_selector(selector).ok().flatten()
    }
}

fn lines(list: &Element) -> u32 {
    list.query_selector_all(LINES).map_or(0, |lines| lines.length())
}

/// For as long as the page is there.
fn listen(target: &EventTarget, event: &str, act: impl FnMut(Event) + 'static) {
    let act: Box<dyn FnMut(Event)> = Box::new(act);
    let act = Closure::wrap(act);
    let _ = target.add_event_listener_with_callback(event, act.as_ref().unchecked_ref());
    act.forget();
}
