//! A JSON writer for responses. Most responses are lists of resources, and a resource is stored as JSON. Parsing it
//! only to write it again would be most of the work.

use std::{fmt, io};

/// The approximate size of a piece of a long text, in bytes. A text in a single piece is copied each time its memory
/// grows, and needs up to three times its length meanwhile.
const PIECE: usize = 64 * 1024;

/// A growing JSON text.
#[derive(Debug, Default)]
pub struct JsonWriter {
    /// The complete pieces.
    full: Vec<Vec<u8>>,
    /// The current piece.
    last: Vec<u8>,
}

impl JsonWriter {
    /// Creates an empty writer with this capacity in bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { full: Vec::new(), last: Vec::with_capacity(bytes) }
    }

    /// The written text.
    pub fn into_bytes(self) -> Vec<u8> {
        if self.full.is_empty() { self.last } else { self.into_pieces().concat() }
    }

    /// The written text in pieces of about 64 KiB, at least one.
    pub fn into_pieces(self) -> Vec<Vec<u8>> {
        let Self { mut full, last } = self;
        if full.is_empty() || !last.is_empty() {
            full.push(last);
        }
        full
    }

    /// Starts another piece if the current one is full. It is called between values, so a piece may be longer.
    pub fn cut(&mut self) {
        if self.last.len() >= PIECE {
            let next = Vec::with_capacity(PIECE + PIECE / 8);
            self.full.push(std::mem::replace(&mut self.last, next));
        }
    }

    /// Starts an object with these members and leaves it open for a last member, which is a long list: see
    /// [`JsonWriter::element`].
    pub fn begin(&mut self, object: &serde_json::Map<String, serde_json::Value>) {
        self.value(object);
        // Removes the closing brace.
        self.last.pop();
    }

    /// Appends an element to the list `name`, the last member of an open object. `is_alone`: the object has no other
    /// members. `is_first`: the list has no other elements.
    pub fn element(&mut self, name: &str, is_alone: bool, is_first: bool, value: &serde_json::Value) {
        if is_first {
            self.raw(if is_alone { "" } else { "," }).string(name).raw(":[");
        } else {
            self.raw(",");
        }
        self.value(value);
    }

    /// Ends an open object. `has_list`: ends its list first.
    pub fn end(&mut self, has_list: bool) {
        self.raw(if has_list { "]}" } else { "}" });
    }

    /// Appends JSON as it is.
    pub(crate) fn raw(&mut self, json: &str) -> &mut Self {
        self.last.extend_from_slice(json.as_bytes());
        self
    }

    /// Appends a text as a JSON string.
    pub(crate) fn string(&mut self, text: &str) -> &mut Self {
        self.value(text)
    }

    /// Appends a text that needs no escapes, in quotes.
    pub(crate) fn plain(&mut self, text: impl fmt::Display) -> &mut Self {
        self.last.push(b'"');
        // Writing to memory cannot fail.
        let _ = io::Write::write_fmt(&mut self.last, format_args!("{text}"));
        self.last.push(b'"');
        self
    }

    /// Appends a value.
    pub(crate) fn value(&mut self, value: &(impl serde::Serialize + ?Sized)) -> &mut Self {
        if serde_json::to_writer(&mut self.last, value).is_err() {
            self.raw("null");
        }
        self
    }
}

/// A value that can be written as JSON.
pub trait Write {
    /// Appends the value.
    fn write(&self, json: &mut JsonWriter);
}

impl<T: Write + ?Sized> Write for &T {
    fn write(&self, json: &mut JsonWriter) {
        (**self).write(json);
    }
}

impl Write for serde_json::Map<String, serde_json::Value> {
    fn write(&self, json: &mut JsonWriter) {
        json.value(self);
    }
}

/// Writes `"meta":{…}` (RFC 7643, section 3.1).
pub(super) fn meta(json: &mut JsonWriter, kind: crate::ResourceType, about: &super::About<'_>) {
    json.raw(r#""meta":{"resourceType":"#).plain(kind.name());
    json.raw(r#","created":"#).plain(super::DateTime(about.created));
    json.raw(r#","lastModified":"#).plain(super::DateTime(about.last_modified));
    json.raw(r#","location":"#).string(&about.location(kind));
    json.raw(r#","version":"#).value(&crate::Version(about.version)).raw("}");
}
