//! The names of a run's throw-away people and groups. They differ from those of every other run, and from real names.

use super::{SCRIPTS, okta};
use domain::key::ScimKey;

#[derive(Debug)]
pub(super) struct TestNames {
    mark: String,
}

impl TestNames {
    /// The names of the run with this key. The key's name ends with their common part.
    pub(super) fn of(key: &ScimKey) -> Self {
        let mark = key.name.rsplit(' ').next().unwrap_or_default();
        Self { mark: mark.chars().filter(char::is_ascii_alphanumeric).collect() }
    }

    /// The common part.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// The userName of a script's throw-away person. The domain `invalid` never exists (RFC 2606).
    pub(super) fn person(&self, script: &str) -> String {
        let script = script.to_lowercase().replace(' ', "-");
        format!("rollcall-self-test-{script}-{}@invalid", self.mark)
    }

    /// The name of a script's throw-away group.
    pub(super) fn group(&self, script: &str) -> String {
        format!("Rollcall self-test {script} {}", self.mark)
    }

    /// The userNames of all people that the run creates.
    pub(super) fn people(&self) -> Vec<String> {
        SCRIPTS.map(|script| self.person(script)).to_vec()
    }

    /// The names of all groups that the run creates, before and after they are renamed.
    pub(super) fn groups(&self) -> Vec<String> {
        SCRIPTS.iter().flat_map(|script| [self.group(script), [&self.group(script), okta::FIRST].concat()]).collect()
    }
}
