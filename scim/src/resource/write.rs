//! Writing JSON straight into an answer. Lists of resources are what the API answers most, and a resource is stored as
//! the JSON it came as: to read it only to write it again would be most of the work.

use std::{fmt, io};

/// A piece of a long text has about so many bytes: a text that grows in one piece is copied each time it is moved to more
/// memory, and takes up to three times its length while it is.
const PIECE: usize = 64 * 1024;

/// JSON text that grows.
#[derive(Debug, Default)]
pub struct JsonWriter {
    /// Pieces that are full.
    full: Vec<Vec<u8>>,
    /// The piece that is written to.
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

    /// Begins another piece where this one is full. Called between values, so that a piece may be longer.
    pub fn cut(&mut self) {
        if self.last.len() >= PIECE {
            let next = Vec::with_capacity(PIECE + PIECE / 8);
            self.full.push(std::mem::replace(&mut self.last, next));
        }
    }

    /// Begins an object with these members and leaves it open, for one more that is a long list: see [`JsonWriter::element`].
    pub fn begin(&mut self, object: &serde_json::Map<String, serde_json::Value>) {
        self.value(object);
        // The brace that closes it.
        self.last.pop();
    }

    /// Appends an element to the list `name`, with which an object that was begun ends. `is_alone`: the object has nothing
    /// before the list; `is_first`: the list has nothing before this.
    pub fn element(&mut self, name: &str, is_alone: bool, is_first: bool, value: &serde_json::Value) {
        if is_first {
            self.raw(if is_alone { "" } else { "," }).string(name).raw(":[");
        } else {
            self.raw(",");
        }
        self.value(value);
    }

    /// Ends an object that was begun; `has_list`: and its list.
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

/// Something that is written as a JSON value.
pub trait Write {
    /// Appends it.
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
