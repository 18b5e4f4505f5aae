//! Plain forms, as they come back.

use serde::{Deserialize, Serialize};

/// A plain form that came back: what was typed, and what is wrong with it. Secrets are never part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmittedForm {
    /// What was typed, by field.
    pub typed: Vec<(String, String)>,
    /// What is wrong with it, by field, in words.
    pub problems: Vec<(String, String)>,
    /// Why nothing was done, where that is not about one field.
    pub refused: Option<String>,
    /// That there was nothing to do, because everything was already as it was to be.
    pub unchanged: Option<String>,
}

impl SubmittedForm {
    /// What is wrong with fields.
    pub fn wrong(problems: Vec<(String, String)>) -> Self {
        Self { problems, ..Self::default() }
    }

    /// Why nothing was done.
    pub fn refused(why: String) -> Self {
        Self { refused: Some(why), ..Self::default() }
    }

    /// That there was nothing to do.
    pub fn unchanged(says: String) -> Self {
        Self { unchanged: Some(says), ..Self::default() }
    }

    /// What was typed into a field.
    pub fn value(&self, field: &str) -> Option<String> {
        of(&self.typed, field)
    }

    /// What is wrong with a field.
    pub fn problem(&self, field: &str) -> Option<String> {
        of(&self.problems, field)
    }
}

fn of(pairs: &[(String, String)], field: &str) -> Option<String> {
    pairs.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone())
}
