//! Submitted forms that the server shows again.

use serde::{Deserialize, Serialize};

/// A submitted form that was refused: its values and errors. It never contains secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmittedForm {
    /// The values by field.
    pub values: Vec<(String, String)>,
    /// The error sentences by field.
    pub errors: Vec<(String, String)>,
    /// The reason of the refusal, if it is not about one field.
    pub refusal: Option<String>,
    /// The note that there was nothing to change.
    pub unchanged: Option<String>,
}

impl SubmittedForm {
    /// A form with errors of fields.
    pub fn invalid(errors: Vec<(String, String)>) -> Self {
        Self { errors, ..Self::default() }
    }

    /// A form that was refused as a whole.
    pub fn refused(why: String) -> Self {
        Self { refusal: Some(why), ..Self::default() }
    }

    /// A form without a change.
    pub fn unchanged(note: String) -> Self {
        Self { unchanged: Some(note), ..Self::default() }
    }

    pub fn value(&self, field: &str) -> Option<String> {
        of(&self.values, field)
    }

    pub fn error(&self, field: &str) -> Option<String> {
        of(&self.errors, field)
    }
}

fn of(pairs: &[(String, String)], field: &str) -> Option<String> {
    pairs.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone())
}
