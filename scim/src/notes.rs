//! Normalizations: tolerated deviations of a request from the RFCs.

use std::borrow::Cow;

/// The normalizations of one request, as text for admins.
///
/// Normalizations name attributes, operations and types. They never contain a value of the request, so they may be
/// stored longer than the request itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalizations(Vec<Cow<'static, str>>);

impl Normalizations {
    /// Upper bound of the notes, because more notes repeat the same deviation.
    pub const MAX: usize = 20;

    /// Upper bound of a note in bytes, because some contain attribute names of clients.
    const MAX_LENGTH: usize = 200;

    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a note without duplicates.
    pub fn add(&mut self, note: impl Into<Cow<'static, str>>) {
        let mut note = note.into();
        if note.len() > Self::MAX_LENGTH {
            let end = note.floor_char_boundary(Self::MAX_LENGTH);
            note = format!("{}…", note.get(..end).unwrap_or_default()).into();
        }
        if self.0.len() < Self::MAX && !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    /// Adds the note about an unknown attribute.
    pub(crate) fn unknown(&mut self, name: &str) {
        self.add(format!("{}: unknown attribute, ignored", Self::name_in(name)));
    }

    /// The start of a client's name that consists of name characters. The text after a bracket or a quote may be a
    /// value.
    pub(crate) fn name_in(text: &str) -> &str {
        let is_name = |c: char| c.is_alphanumeric() || "$-_.:/#".contains(c);
        let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
        text.get(..end).unwrap_or_default()
    }

    /// The notes, in the order of their occurrence.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// Whether the request followed the RFCs.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_unique_and_limited() {
        let mut notes = Normalizations::new();
        assert!(notes.is_empty());
        notes.add("active: string converted to boolean");
        notes.add(String::from("active: string converted to boolean"));
        assert_eq!(notes.iter().collect::<Vec<_>>(), ["active: string converted to boolean"]);
        for i in 0..100 {
            notes.add(format!("x{i}: unknown attribute, ignored"));
        }
        assert_eq!(notes.iter().count(), Normalizations::MAX);
    }

    #[test]
    fn names_contain_no_values() {
        let mut notes = Normalizations::new();
        for name in ["foo", "urn:x:2.0:Y:z", "emails[value eq \"ada@acme.test\"].foo", "my secret"] {
            notes.unknown(name);
        }
        let expected =
            ["foo", "urn:x:2.0:Y:z", "emails", "my"].map(|name| format!("{name}: unknown attribute, ignored"));
        assert_eq!(notes.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_long_note_is_cut_between_characters() {
        let mut notes = Normalizations::new();
        notes.add("é".repeat(300));
        assert_eq!(notes.iter().next().unwrap().chars().count(), 101);
    }
}
