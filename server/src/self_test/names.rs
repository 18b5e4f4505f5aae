//! How the throw-away people and groups of a run are called: unlike those of any other run, and unlike anyone real.

use super::{SCRIPTS, okta};
use domain::key::ScimKey;

/// The names of one run.
#[derive(Debug)]
pub(super) struct TestNames {
    mark: String,
}

impl TestNames {
    /// Those of the run with this key: its name ends with what they have in common.
    pub(super) fn of(made: &ScimKey) -> Self {
        let mark = made.name.rsplit(' ').next().unwrap_or_default();
        Self { mark: mark.chars().filter(char::is_ascii_alphanumeric).collect() }
    }

    /// What they have in common.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// The userName of a script's throw-away person. `invalid` is a name that no one can have (RFC 2606).
    pub(super) fn person(&self, script: &str) -> String {
        let script = script.to_lowercase().replace(' ', "-");
        format!("rollcall-self-test-{script}-{}@invalid", self.mark)
    }

    /// The name of a script's throw-away group.
    pub(super) fn group(&self, script: &str) -> String {
        format!("Rollcall self-test {script} {}", self.mark)
    }

    /// Everyone that the run makes.
    pub(super) fn people(&self) -> Vec<String> {
        SCRIPTS.map(|script| self.person(script)).to_vec()
    }

    /// All the groups that the run makes, before and after they are renamed.
    pub(super) fn groups(&self) -> Vec<String> {
        SCRIPTS.iter().flat_map(|script| [self.group(script), [&self.group(script), okta::FIRST].concat()]).collect()
    }
}
