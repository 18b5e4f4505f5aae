//! Where a script is played: one request after the other, each with what is expected of it.

use super::{
    RunStep, StepFault, StepOutcome,
    check::{JsonDocument, scim_json, status},
};
use crate::outbound::Own;
use app::model::TestFault as Cause;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde_json::Value;

/// A script that is being played.
pub(super) struct TestRunner<'a> {
    server: &'a Own,
    key: &'a str,
    agent: Option<&'static str>,
    script: &'static str,
    /// The throw-away person's userName.
    pub(super) person: String,
    /// The throw-away group's name.
    pub(super) group: String,
    told: &'a mut (dyn FnMut(&RunStep) + Send),
    /// Did anything answer, and how many requests was there no answer to?
    answered: bool,
    unanswered: usize,
    /// Did Rollcall answer, and know the key?
    arrived: bool,
}

/// One request.
pub(super) struct TestRequest {
    method: Method,
    path: String,
    body: Option<Value>,
    key: Option<&'static str>,
}

impl TestRequest {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: None, key: None }
    }

    /// Those of a kind whose attribute has this value.
    pub(super) fn find(kind: &str, attribute: &str, value: &str) -> Self {
        let filter = format!("{attribute} eq \"{value}\"");
        let escaped = utf8_percent_encode(&filter, NON_ALPHANUMERIC);
        Self::get(format!("/{kind}?filter={escaped}&startIndex=1&count=100"))
    }

    pub(super) fn post(path: &str, body: Value) -> Self {
        Self { method: Method::POST, body: Some(body), ..Self::get(path) }
    }

    pub(super) fn put(path: &str, body: Value) -> Self {
        Self { method: Method::PUT, body: Some(body), ..Self::get(path) }
    }

    pub(super) fn patch(path: &str, body: Value) -> Self {
        Self { method: Method::PATCH, body: Some(body), ..Self::get(path) }
    }

    pub(super) fn delete(path: &str) -> Self {
        Self { method: Method::DELETE, ..Self::get(path) }
    }

    /// With a key that is none.
    pub(super) fn with_key(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }
}

impl<'a> TestRunner<'a> {
    pub(super) fn new(
        server: &'a Own,
        key: &'a str,
        agent: Option<&'static str>,
        script: &'static str,
        person: String,
        group: String,
        told: &'a mut (dyn FnMut(&RunStep) + Send),
    ) -> Self {
        Self { server, key, agent, script, person, group, told, answered: false, unanswered: 0, arrived: false }
    }

    /// Plays a step: sends a request, and looks at the answer. `None`: it failed.
    pub(super) async fn step<T>(
        &mut self,
        name: &'static str,
        ask: TestRequest,
        wanted: u16,
        check: impl FnOnce(&JsonDocument) -> Result<T, String>,
    ) -> Option<T> {
        let came = self.ask(&ask, wanted).await.and_then(|json| check(&json).map_err(of(Cause::Wrong)));
        let (outcome, value) = match came {
            Ok(value) => (StepOutcome::Passed, Some(value)),
            Err(fault) => (StepOutcome::Failed(fault), None),
        };
        self.tell(name, outcome);
        value
    }

    /// Were there requests, and no answer at all?
    pub(super) fn nobody_answers(&self) -> bool {
        !self.answered && self.unanswered > 0
    }

    /// Says that these steps cannot be played.
    pub(super) fn skip(&mut self, names: &[&'static str]) {
        for name in names {
            self.tell(name, StepOutcome::Skipped);
        }
    }

    async fn ask(&mut self, ask: &TestRequest, wanted: u16) -> Result<JsonDocument, StepFault> {
        let key = ask.key.unwrap_or(self.key);
        let answer = self.server.ask(ask.method.clone(), &ask.path, key, self.agent, ask.body.as_ref()).await;
        match &answer {
            Ok(_) => self.answered = true,
            Err(_) => self.unanswered += 1,
        }
        let answer = answer.map_err(|error| of(Cause::NoAnswer)(error.to_string()))?;
        let json = scim_json(&answer).map_err(of(Cause::InFront))?;
        self.arrived |= ask.key.is_none() && answer.status != 401;
        let cause = if answer.status == 401 { Cause::Key } else { Cause::Wrong };
        status(&answer, &json, wanted).map_err(of(cause))?;
        Ok(json)
    }

    fn tell(&mut self, name: &'static str, outcome: StepOutcome) {
        (self.told)(&RunStep { script: self.script, name, outcome, arrived: self.arrived });
    }
}

fn of(cause: Cause) -> impl Fn(String) -> StepFault {
    move |said| StepFault { cause, said }
}
