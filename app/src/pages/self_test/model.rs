//! The self-test of a team's connection.

use domain::{UnixMs, key::KeyId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfTestPage {
    /// The SCIM base URL that the test sends requests to.
    pub base_url: String,
    /// The reason that it cannot be started now.
    pub blocked: Option<String>,
    /// The reason that the last start failed.
    pub problem: Option<String>,
    pub run: Option<TestRun>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRun {
    pub since: UnixMs,
    /// The name of the member who started it.
    pub by: String,
    /// The completed steps, in order.
    pub steps: Vec<TestStep>,
    pub state: TestState,
    /// The data that could not be removed.
    pub leftover: Option<String>,
    /// The test's key.
    pub key: Option<KeyId>,
    /// Did any of its requests reach Rollcall, so that Activity lists them?
    pub has_arrived: bool,
}

/// The state of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestState {
    Running,
    /// Every step was executed.
    Completed,
    /// The run was stopped, because it took too long.
    TimedOut,
    Interrupted,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestStep {
    /// The provider whose script contains the step: "Okta".
    pub script: String,
    /// The action of the provider: "creates a person".
    pub name: String,
    pub outcome: TestOutcome,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TestOutcome {
    Passed,
    /// The kind of the reason, which determines the advice, and one sentence.
    Failed(TestFault, String),
    /// Not executed, because an earlier step failed.
    Skipped,
}

/// The state of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestFault {
    /// There was no response.
    NoAnswer,
    /// Something in front of Rollcall responded.
    InFront,
    /// Rollcall rejected the key.
    Key,
    /// Rollcall's response was not the expected one.
    Wrong,
}

impl TestFault {
    /// One sentence.
    pub const fn headline(self) -> &'static str {
        match self {
            TestFault::NoAnswer => "Rollcall can't reach its own public URL.",
            TestFault::InFront => "Something in front of Rollcall answered instead.",
            TestFault::Key => "The server at that address refused the key.",
            TestFault::Wrong => "Rollcall gave an unexpected response.",
        }
    }

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
    /// The number of passed, failed and skipped steps.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |is: fn(&TestOutcome) -> bool| self.steps.iter().filter(|step| is(&step.outcome)).count();
        (
            count(|outcome| *outcome == TestOutcome::Passed),
            count(|outcome| matches!(outcome, TestOutcome::Failed(..))),
            count(|outcome| *outcome == TestOutcome::Skipped),
        )
    }

    /// A short id of the current result. It changes with every new content.
    pub fn mark(&self) -> String {
        format!("{}-{}-{}", self.since, self.steps.len(), self.state == TestState::Running)
    }
}
