//! The self-test of a team's connection.

use domain::{UnixMs, key::KeyId};
use serde::{Deserialize, Serialize};

/// The page of the self-test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfTestPage {
    /// What it asks: the SCIM base URL.
    pub base_url: String,
    /// Why it cannot be started at the moment.
    pub blocked: Option<String>,
    /// Why it was not started just now.
    pub problem: Option<String>,
    /// The last run since the server started.
    pub run: Option<TestRun>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRun {
    /// When it began.
    pub since: UnixMs,
    /// Who started it.
    pub by: String,
    /// The steps that ended so far, in their order.
    pub steps: Vec<TestStep>,
    /// Where it stands.
    pub state: TestState,
    /// What could not be removed afterwards.
    pub left: Option<String>,
    /// The key that was made for it.
    pub key: Option<KeyId>,
    /// Did any of its requests reach Rollcall, so that Activity has them?
    pub arrived: bool,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestState {
    /// It goes on.
    Going,
    /// Every step was played.
    Ended,
    /// It took too long, and was ended.
    TimedOut,
    /// The server stopped.
    Interrupted,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestStep {
    /// Whose script it belongs to: "Okta".
    pub script: String,
    /// What the provider does: "creates a person".
    pub name: String,
    /// How it went.
    pub outcome: TestOutcome,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TestOutcome {
    /// As it should.
    Passed,
    /// Otherwise: the kind of reason, which decides what helps, and one sentence.
    Failed(TestFault, String),
    /// Not at all, because one before it failed.
    Skipped,
}

/// The kinds of reasons why a step fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestFault {
    /// Nothing answered.
    NoAnswer,
    /// Something in front of Rollcall answered.
    InFront,
    /// The key was refused.
    Key,
    /// Rollcall's answer was another than it should be.
    Wrong,
}

impl TestFault {
    /// In one sentence.
    pub const fn headline(self) -> &'static str {
        match self {
            TestFault::NoAnswer => "Rollcall can't reach its own public URL.",
            TestFault::InFront => "Something in front of Rollcall answered instead.",
            TestFault::Key => "The server at that address refused the key.",
            TestFault::Wrong => "Rollcall gave an unexpected response.",
        }
    }

    /// What helps.
    pub const fn advice(self) -> &'static str {
        match self {
            TestFault::NoAnswer => {
                "Check the hostname, the certificate, and the firewall. Some networks don't let a machine reach its own public address even though providers can. In that case, run rollcall self-test on another machine."
            }
            TestFault::InFront => {
                "Make the proxy, firewall, or sign-in page pass everything under /scim/v2 through unchanged: all methods, including PATCH and DELETE; requests without a User-Agent (Entra ID sends these); the Authorization header; and responses with any status."
            }
            TestFault::Key => {
                "Either that address belongs to a Rollcall server with a different database, or something in between removes the Authorization header."
            }
            TestFault::Wrong => {
                "Something in between may be changing requests: the method (PATCH to POST), the query, or the body. If not, tell the operator of this server."
            }
        }
    }
}

impl TestRun {
    /// How many steps passed, failed and were skipped.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |is: fn(&TestOutcome) -> bool| self.steps.iter().filter(|step| is(&step.outcome)).count();
        (
            count(|outcome| *outcome == TestOutcome::Passed),
            count(|outcome| matches!(outcome, TestOutcome::Failed(..))),
            count(|outcome| *outcome == TestOutcome::Skipped),
        )
    }

    /// A short name for what a page shows: another one, and there is something new.
    pub fn mark(&self) -> String {
        format!("{}-{}-{}", self.since, self.steps.len(), self.state == TestState::Going)
    }
}
