//! The self-test: plays what Okta and Microsoft Entra ID send against a team's public address, with throw-away people, and
//! says of each step whether it went as it does with a working connection.
//!
//! The steps need nothing but an address and a key, so that whatever stands between an identity provider and Rollcall is
//! tested too. [`CleanUp`] removes what was made, whatever became of them; what a run left behind that was killed is removed
//! by the team's next one, and when the server starts.

mod background_runs;
mod check;
mod clean_up;
mod entra;
mod names;
mod okta;
mod runner;

use crate::{outbound::Own, secrets::PlainKey, service::NewScimKey};
use app::model::TestFault;
pub(crate) use background_runs::SelfTestHandles;
pub use background_runs::SelfTests;
pub(crate) use clean_up::CleanUp;
use names::TestNames;
use runner::TestRunner;
use std::time::Duration;

const OKTA: &str = "Okta";
const ENTRA: &str = "Entra ID";
const SCRIPTS: [&str; 2] = [OKTA, ENTRA];

/// What one step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunStep {
    /// Whose script it belongs to: "Okta".
    pub script: &'static str,
    /// What the provider does: "creates a person".
    pub name: &'static str,
    /// How it went.
    pub outcome: StepOutcome,
    /// Has anything reached Rollcall so far, so that its log has it?
    pub arrived: bool,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// As it should.
    Passed,
    /// Otherwise.
    Failed(StepFault),
    /// Not at all, because one before it failed.
    Skipped,
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepFault {
    /// The kind of reason, which decides what helps.
    pub cause: TestFault,
    /// One sentence.
    pub said: String,
}

/// The longest that a run may take.
pub const LIMIT: Duration = Duration::from_secs(120);

/// A self-test.
#[derive(Debug)]
pub struct SelfTest<'a> {
    server: &'a Own,
    key: &'a PlainKey,
    names: TestNames,
}

impl<'a> SelfTest<'a> {
    /// Against this address, with the key that was made for it.
    pub fn new(server: &'a Own, made: &'a NewScimKey) -> Self {
        Self { server, key: &made.key, names: TestNames::of(&made.listed) }
    }

    /// Plays every script; `on_step` is called with each step as it ends. To be ended after [`LIMIT`].
    pub async fn play(&self, on_step: &mut (dyn FnMut(&RunStep) + Send)) {
        let mut okta = self.stage(OKTA, Some("Okta SCIM Client 1.0.0"), on_step);
        okta::play(&mut okta).await;
        let nobody_answers = okta.nobody_answers();
        let mut entra = self.stage(ENTRA, None, on_step);
        if nobody_answers {
            // The second script would wait as long, and learn nothing new.
            entra.skip(&["is skipped because nothing responds"]);
        } else {
            entra::play(&mut entra).await;
        }
    }

    fn stage<'s>(
        &'s self,
        script: &'static str,
        agent: Option<&'static str>,
        on_step: &'s mut (dyn FnMut(&RunStep) + Send),
    ) -> TestRunner<'s> {
        let (person, group) = (self.names.person(script), self.names.group(script));
        TestRunner::new(self.server, self.key.expose(), agent, script, person, group, on_step)
    }
}
