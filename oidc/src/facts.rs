//! What a check compared, as data. Pages format it.

use serde::{Deserialize, Serialize};

/// One value of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactValue {
    /// A text. It can contain markup.
    Text(String),
    /// Several texts.
    List(Vec<String>),
    /// A time, in milliseconds since the Unix epoch.
    Time(i64),
    /// A number of bytes, entries or parts, or an HTTP status.
    Number(u64),
}

impl From<&str> for FactValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for FactValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<String>> for FactValue {
    fn from(texts: Vec<String>) -> Self {
        Self::List(texts)
    }
}

/// The expected value beside the received one. Secrets are never among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What the check required.
    pub expected: Option<FactValue>,
    /// What the provider sent.
    pub received: Option<FactValue>,
}

impl Facts {
    /// Both values.
    pub fn new(expected: impl Into<FactValue>, received: impl Into<FactValue>) -> Self {
        Self { expected: Some(expected.into()), received: Some(received.into()) }
    }

    /// A value that nothing is required of.
    pub fn received(received: impl Into<FactValue>) -> Self {
        Self { expected: None, received: Some(received.into()) }
    }

    /// A required value, of which nothing was received.
    pub fn expected(expected: impl Into<FactValue>) -> Self {
        Self { expected: Some(expected.into()), received: None }
    }
}
