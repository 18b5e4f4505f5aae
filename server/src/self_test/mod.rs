//! The self-test: plays the requests of Okta and Microsoft Entra ID against a team's public address, with throw-away people,
//! and reports for each step whether it went as with a working connection.
//!
//! The steps only need an address and a key, so that they also test every proxy between an identity provider and Rollcall.
//! [`CleanUp`] removes the data of every run, also of a failed one. The team's next run, or the next start of the server, removes
//! the data of a run that was killed.

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

/// The result of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunStep {
    /// The name of its script: "Okta".
    pub script: &'static str,
    /// The provider's action: "creates a person".
    pub name: &'static str,
    pub outcome: StepOutcome,
    /// Whether a request has reached Rollcall so far, so that its log has an entry.
    pub arrived: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// The step had the expected result.
    Passed,
    /// The step had another result.
    Failed(StepFault),
    /// The step was not played, because an earlier one failed.
    Skipped,
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepFault {
    /// The kind of reason, which decides about the advice.
    pub cause: TestFault,
    /// One sentence.
    pub detail: String,
}

/// Upper bound of a run's duration.
pub const LIMIT: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub struct SelfTest<'a> {
    server: &'a Own,
    key: &'a PlainKey,
    names: TestNames,
}

impl<'a> SelfTest<'a> {
    /// A test of this server, with the key that was generated for it.
    pub fn new(server: &'a Own, new_key: &'a NewScimKey) -> Self {
        Self { server, key: &new_key.key, names: TestNames::of(&new_key.record) }
    }

    /// Plays every script, and calls `on_step` after each step. The caller ends it after [`LIMIT`].
    pub async fn play(&self, on_step: &mut (dyn FnMut(&RunStep) + Send)) {
        let mut okta = self.runner(OKTA, Some("Okta SCIM Client 1.0.0"), on_step);
        okta::play(&mut okta).await;
        let is_unreachable = okta.is_unreachable();
        let mut entra = self.runner(ENTRA, None, on_step);
        if is_unreachable {
            // The second script would wait just as long, without a new result.
            entra.skip(&["is skipped because nothing responds"]);
        } else {
            entra::play(&mut entra).await;
        }
    }

    fn runner<'s>(
        &'s self,
        script: &'static str,
        agent: Option<&'static str>,
        on_step: &'s mut (dyn FnMut(&RunStep) + Send),
    ) -> TestRunner<'s> {
        let (person, group) = (self.names.person(script), self.names.group(script));
        TestRunner::new(self.server, self.key.expose(), agent, script, person, group, on_step)
    }
}
