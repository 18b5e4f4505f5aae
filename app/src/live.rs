//! Pages that are not made live follow the server all the same: pieces of HTML come as server-sent events, and are put on
//! top of a list (`data-list`), or in the place of what was there.
//!
//! A page out of sight follows nothing: browsers open few connections to a server.

use crate::browser::{all, localize};
use leptos::prelude::{document, set_timeout};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, EventSource, EventTarget, MessageEvent};

/// Beyond so many lines and headings a page is long enough.
const MOST: u32 = 800;
/// How long a server that does not answer is left alone.
const LATER: Duration = Duration::from_secs(15);
const LINES: &str = "details.event";

/// Follows what the page wants to follow.
pub(crate) fn start() {
    for panel in all("[data-live]") {
        let list = panel.get_attribute("data-list").and_then(|id| document().get_element_by_id(&id));
        let last = RefCell::new(panel.get_attribute("data-after"));
        let new = Cell::default();
        let follower =
            Rc::new(Follower { panel, list, last, source: RefCell::default(), paused: Cell::default(), new });
        follower.follow();
        if let Some(button) = follower.find("button") {
            let (follower, label) = (follower.clone(), button.clone());
            listen(&button, "click", move |_| {
                follower.paused.set(!follower.paused.get());
                label.set_text_content(Some(if follower.paused.get() { "Resume" } else { "Pause" }));
                follower.pause("Paused.");
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
    /// How many lines came since the page was loaded.
    new: Cell<u32>,
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
        listen(&source, "on", move |_| follower.say_new());
        for over in [false, true] {
            let follower = self.clone();
            listen(&source, if over { "over" } else { "notice" }, move |event| {
                follower.pause(&event.unchecked_ref::<MessageEvent>().data().as_string().unwrap_or_default());
                if over {
                    follower.stop();
                }
            });
        }
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
        self.new.set(self.new.get() + after - before);
        self.say_new();
        if list.child_element_count() > MOST {
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
            set_timeout(move || follower.follow(), LATER);
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

    /// How many are new, and that there will be more.
    fn say_new(&self) {
        let new = self.new.get();
        let words = [new.to_string().as_str(), if new == 1 { " new event." } else { " new events." }].concat();
        self.say(if new == 0 { "Live: new events appear automatically." } else { &words }, "on");
        if new > 0 {
            for added in all("[data-added]") {
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
            // Cannot fail: the name is a valid one.
            let _ = self.panel.set_attribute("data-state", state);
        }
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.panel.query_selector(selector).ok().flatten()
    }
}

/// How many lines of the log stand in the list, some of them together.
fn lines(list: &Element) -> u32 {
    let Ok(lines) = list.query_selector_all(LINES) else { return 0 };
    let count = |line: Element| line.get_attribute("data-count").and_then(|count| count.parse().ok()).unwrap_or(1);
    (0..lines.length()).filter_map(|at| lines.item(at)?.dyn_into().ok()).map(count).sum()
}

/// For as long as the page is there.
fn listen(target: &EventTarget, event: &str, act: impl FnMut(Event) + 'static) {
    let act: Box<dyn FnMut(Event)> = Box::new(act);
    let act = Closure::wrap(act);
    let _ = target.add_event_listener_with_callback(event, act.as_ref().unchecked_ref());
    act.forget();
}
