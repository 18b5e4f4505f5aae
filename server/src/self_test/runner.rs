//! Plays a script: sends one request after the other, and checks each response.

use super::{
    RunStep, StepFault, StepOutcome,
    check::{JsonDocument, scim_json, status},
};
use crate::outbound::Own;
use app::model::TestFault as Cause;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde_json::Value;

pub(super) struct TestRunner<'a> {
    server: &'a Own,
    key: &'a str,
    agent: Option<&'static str>,
    script: &'static str,
    /// The throw-away person's userName.
    pub(super) person: String,
    /// The throw-away group's name.
    pub(super) group: String,
    on_step: &'a mut (dyn FnMut(&RunStep) + Send),
    /// Whether there was a response, and the count of requests without one.
    answered: bool,
    unanswered: usize,
    /// Whether Rollcall accepted the key.
    arrived: bool,
}

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

    /// A search for the resources of a type whose attribute has this value.
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

    /// The request with another key.
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
        on_step: &'a mut (dyn FnMut(&RunStep) + Send),
    ) -> Self {
        Self { server, key, agent, script, person, group, on_step, answered: false, unanswered: 0, arrived: false }
    }

    /// Plays a step: sends a request, and checks the response. `None`: it failed.
    pub(super) async fn step<T>(
        &mut self,
        name: &'static str,
        request: TestRequest,
        expected: u16,
        check: impl FnOnce(&JsonDocument) -> Result<T, String>,
    ) -> Option<T> {
        let result = self.send(&request, expected).await.and_then(|json| check(&json).map_err(of(Cause::Wrong)));
        let (outcome, value) = match result {
            Ok(value) => (StepOutcome::Passed, Some(value)),
            Err(fault) => (StepOutcome::Failed(fault), None),
        };
        self.report(name, outcome);
        value
    }

    /// Whether no request had a response.
    pub(super) fn is_unreachable(&self) -> bool {
        !self.answered && self.unanswered > 0
    }

    /// Reports that these steps cannot be played.
    pub(super) fn skip(&mut self, names: &[&'static str]) {
        for name in names {
            self.report(name, StepOutcome::Skipped);
        }
    }

    async fn send(&mut self, request: &TestRequest, expected: u16) -> Result<JsonDocument, StepFault> {
        let key = request.key.unwrap_or(self.key);
        let answer =
            self.server.send(request.method.clone(), &request.path, key, self.agent, request.body.as_ref()).await;
        match &answer {
            Ok(_) => self.answered = true,
            Err(_) => self.unanswered += 1,
        }
        let answer = answer.map_err(|error| of(Cause::NoAnswer)(error.to_string()))?;
        let json = scim_json(&answer).map_err(of(Cause::InFront))?;
        self.arrived |= request.key.is_none() && answer.status != 401;
        let cause = if answer.status == 401 { Cause::Key } else { Cause::Wrong };
        status(&answer, &json, expected).map_err(of(cause))?;
        Ok(json)
    }

    fn report(&mut self, name: &'static str, outcome: StepOutcome) {
        (self.on_step)(&RunStep { script: self.script, name, outcome, arrived: self.arrived });
    }
}

fn of(cause: Cause) -> impl Fn(String) -> StepFault {
    move |detail| StepFault { cause, detail }
}
