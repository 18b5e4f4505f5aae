//! The wording of every page in its main states: one snapshot a page, in `snapshots/`. Only these tests know sentences.
//!
//! A page is written in full once; each further state is the difference to it, so that a sentence occurs in few lines.
//! `INSTA_UPDATE=always scripts/with-postgres cargo test --package server --test web wording` accepts a change.

mod account;
mod activity;
mod authentication;
mod error_pages;
mod general;
mod group;
mod groups;
mod guides;
mod invite;
mod member;
mod members;
mod self_test;
mod shell;
mod sign_in;
mod sso_method;
mod text;
mod verify;

use crate::app::{Answer, Browser, TestApp};
use axum::http::Method;
use serde_json::{Value, json};
use server::request_log;
use similar::{ChangeTag, TextDiff};

/// The states of one page.
struct Wording {
    page: &'static str,
    base: String,
    snapshot: String,
}

impl Wording {
    /// `page`: the name of the file.
    fn of(page: &'static str) -> Self {
        Self { page, base: String::new(), snapshot: String::new() }
    }

    /// Adds a state in full. The next ones are compared with it.
    fn full(&mut self, state: &str, answer: &Answer) {
        self.add(state, read(answer));
    }

    /// Adds what differs in a state with which the next ones are compared.
    fn base(&mut self, state: &str, answer: &Answer) {
        let text = read(answer);
        self.difference(state, &text);
        self.base = text;
    }

    /// Adds what differs in this state.
    fn state(&mut self, state: &str, answer: &Answer) {
        self.difference(state, &read(answer));
    }

    fn add(&mut self, state: &str, text: String) {
        self.head(state);
        self.snapshot.push_str(&text);
        self.base = text;
    }

    fn difference(&mut self, state: &str, text: &str) {
        self.head(state);
        for change in TextDiff::from_lines(self.base.as_str(), text).iter_all_changes() {
            let sign = match change.tag() {
                ChangeTag::Equal => continue,
                ChangeTag::Insert => '+',
                ChangeTag::Delete => '-',
            };
            self.snapshot.push(sign);
            self.snapshot.push_str(change.value());
        }
    }

    /// Adds the frame around a page, without the page.
    fn frame(&mut self, state: &str, answer: &Answer) {
        let text = text::of_frame(&answer.body);
        if self.base.is_empty() {
            self.add(state, text);
        } else {
            self.difference(state, &text);
        }
    }

    /// Compares all states with the file.
    fn check(self) {
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path("../snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(self.page, self.snapshot));
    }

    fn head(&mut self, state: &str) {
        if !self.snapshot.is_empty() {
            self.snapshot.push('\n');
        }
        self.snapshot.push_str(&format!("==== {state}\n"));
    }
}

fn read(answer: &Answer) -> String {
    assert!(answer.header("content-type").starts_with("text/html"), "a page: {} {}", answer.status, answer.body);
    format!("{}\n{}", answer.status, text::of_page(&answer.body))
}

/// Sends a form, and follows the redirect to the page with the notice.
async fn send(browser: &mut Browser, path: &str, form: &[(&str, &str)]) -> Answer {
    let answer = browser.post(path, form).await;
    match answer.header("location") {
        "" => answer,
        page => browser.get(page).await,
    }
}

/// Okta's people and groups: Grace and Alan, both in "IT".
async fn provision(app: &TestApp, key: &str) {
    for (user, name) in [("grace@acme.test", "Grace Hopper"), ("alan@acme.test", "Alan Turing")] {
        app.world.pass(1_000);
        let person = json!({"userName": user, "displayName": name, "title": "Engineer"});
        request(app, key, Method::POST, "/Users", &person).await;
    }
    app.world.pass(1_000);
    let members = [app.id("grace@acme.test").await, app.id("alan@acme.test").await];
    let it = json!({"displayName": "IT", "externalId": "it-1", "members": members.map(|id| json!({"value": id}))});
    request(app, key, Method::POST, "/Groups", &it).await;
}

/// Sends a request of the identity provider, and records it.
async fn request(app: &TestApp, key: &str, method: Method, path: &str, body: &Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = app.scim(key, method, path, &body).await;
    request_log::run(app.state.recorder.clone(), app.state.store.clone(), async {}).await;
    serde_json::from_str(&answer.body).unwrap_or_default()
}

/// The address of a group's page.
async fn group_path(app: &TestApp, name: &str) -> String {
    let query = format!("SELECT id FROM groups WHERE display_name = '{name}'");
    format!("/teams/acme/settings/groups/{}", app.world.db.text(&query).await.unwrap())
}
