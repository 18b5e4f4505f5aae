//! The self-test: plays what Okta and Microsoft Entra ID send against a team's public address, with throw-away people, and
//! says of each step whether it went as it does with a working connection.
//!
//! The steps need nothing but an address and a key, so that whatever stands between an identity provider and Rollcall is
//! tested too. [`SelfTest::clean_up`] removes what was made, whatever became of them.

mod attended;
mod check;
mod clean_up;
mod entra;
mod okta;
mod stage;

use crate::outbound::Own;
pub use attended::{NotStarted, SelfTests, is_left};
use stage::Stage;

const OKTA: &str = "Okta";
const ENTRA: &str = "Entra ID";
const SCRIPTS: [&str; 2] = [OKTA, ENTRA];

/// What one step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Whose script it belongs to: "Okta".
    pub script: &'static str,
    /// What the provider does: "creates a person".
    pub name: &'static str,
    /// How it went.
    pub outcome: Outcome,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Passed,
    /// Otherwise.
    Failed(Fault),
    /// Not at all, because one before it failed.
    Skipped,
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The kind of reason, which decides what helps.
    pub cause: Cause,
    /// One sentence.
    pub said: String,
}

/// The kinds of reasons why a step fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nothing answered.
    NoAnswer,
    /// Something in front of Rollcall answered.
    InFront,
    /// The key was refused.
    Key,
    /// Rollcall's answer is another than it should be.
    Wrong,
}

/// A self-test.
#[derive(Debug)]
pub struct SelfTest<'a> {
    server: &'a Own,
    key: &'a str,
    mark: String,
}

impl<'a> SelfTest<'a> {
    /// Against this address, with this key. `mark` makes the names of this run unlike those of any other; letters and
    /// digits only.
    pub fn new(server: &'a Own, key: &'a str, mark: &str) -> Self {
        let mark = mark.chars().filter(char::is_ascii_alphanumeric).collect();
        Self { server, key, mark }
    }

    /// Plays every script; `told` hears of each step as it ends.
    pub async fn play(&self, told: &mut (dyn FnMut(&Step) + Send)) {
        okta::play(&mut self.stage(OKTA, Some("Okta SCIM Client 1.0.0"), told)).await;
        entra::play(&mut self.stage(ENTRA, None, told)).await;
    }

    fn stage<'s>(
        &'s self,
        script: &'static str,
        agent: Option<&'static str>,
        told: &'s mut (dyn FnMut(&Step) + Send),
    ) -> Stage<'s> {
        Stage::new(self.server, self.key, agent, script, self.person(script), self.group(script), told)
    }

    /// The userName of a script's throw-away person. `invalid` is a name that nobody can have (RFC 2606).
    fn person(&self, script: &str) -> String {
        let script = script.to_lowercase().replace(' ', "-");
        format!("rollcall-self-test-{script}-{}@invalid", self.mark)
    }

    /// The name of a script's throw-away group.
    fn group(&self, script: &str) -> String {
        format!("Rollcall self-test {script} {}", self.mark)
    }

    /// Everybody that this run makes.
    fn people(&self) -> Vec<String> {
        SCRIPTS.map(|script| self.person(script)).to_vec()
    }

    /// All the groups that this run makes, before and after they are renamed.
    fn groups(&self) -> Vec<String> {
        SCRIPTS.iter().flat_map(|script| [self.group(script), [&self.group(script), okta::FIRST].concat()]).collect()
    }
}
