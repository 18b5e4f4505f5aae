//! Writing JSON straight into an answer. Lists of resources are what the API answers most, and a resource is stored as
//! the JSON it came as: to read it only to write it again would be most of the work.

use std::{fmt, io};

/// JSON text that grows.
#[derive(Debug, Default)]
pub struct Json(Vec<u8>);

impl Json {
    /// Empty, with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Appends JSON as it is.
    pub(crate) fn raw(&mut self, json: &str) -> &mut Self {
        self.0.extend_from_slice(json.as_bytes());
        self
    }

    /// Appends a text as a JSON string.
    pub(crate) fn string(&mut self, text: &str) -> &mut Self {
        self.value(text)
    }

    /// Appends what is known to need no escapes, in quotes.
    pub(crate) fn plain(&mut self, text: impl fmt::Display) -> &mut Self {
        self.0.push(b'"');
        // Writing to memory cannot fail.
        let _ = io::Write::write_fmt(&mut self.0, format_args!("{text}"));
        self.0.push(b'"');
        self
    }

    /// Appends a value.
    pub(crate) fn value(&mut self, value: &(impl serde::Serialize + ?Sized)) -> &mut Self {
        if serde_json::to_writer(&mut self.0, value).is_err() {
            self.raw("null");
        }
        self
    }
}

/// Something that is written as a JSON value.
pub trait Write {
    /// Appends it.
    fn write(&self, json: &mut Json);
}

impl Write for serde_json::Map<String, serde_json::Value> {
    fn write(&self, json: &mut Json) {
        json.value(self);
    }
}

/// What every answer says about a resource: `"meta":{…}` (RFC 7643, section 3.1).
pub(super) fn meta(json: &mut Json, kind: crate::Kind, about: &super::About<'_>) {
    json.raw(r#""meta":{"resourceType":"#).plain(kind.name());
    json.raw(r#","created":"#).plain(super::DateTime(about.created));
    json.raw(r#","lastModified":"#).plain(super::DateTime(about.last_modified));
    json.raw(r#","location":"#).string(&about.location(kind));
    json.raw(r#","version":"#).value(&crate::Version(about.version)).raw("}");
}
