//! Normalizations: tolerated deviations of a request from the RFCs.

use std::borrow::Cow;

/// The normalizations of one request, as text for admins.
///
/// Normalizations name attributes, operations and types. They never hold a value that was sent, so they can be kept longer than
/// the request itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Normalizations(Vec<Cow<'static, str>>);

impl Normalizations {
    /// Upper bound of the notes, because more notes repeat the same deviation.
    pub const MAX: usize = 20;

    /// Upper bound of a note in bytes, because some contain attribute names of clients.
    const MAX_LENGTH: usize = 200;

    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a note, unless it is there already.
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

    /// Adds the note that an attribute is none that there is.
    pub(crate) fn unknown(&mut self, name: &str) {
        self.add(format!("{}: unknown attribute, ignored", Self::name_in(name)));
    }

    /// Of a name that a client made up, what names are made of: what stands behind a bracket or a quote may be a value.
    pub(crate) fn name_in(text: &str) -> &str {
        let is_name = |c: char| c.is_alphanumeric() || "$-_.:/#".contains(c);
        let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
        text.get(..end).unwrap_or_default()
    }

    /// All of them, in the order in which they came up.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// Was everything as the RFCs have it?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_at_most_once_and_not_too_many() {
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
    fn no_values_in_names() {
        let mut notes = Normalizations::new();
        for name in ["foo", "urn:x:2.0:Y:z", "emails[value eq \"ada@acme.test\"].foo", "my secret"] {
            notes.unknown(name);
        }
        let wanted = ["foo", "urn:x:2.0:Y:z", "emails", "my"].map(|name| format!("{name}: unknown attribute, ignored"));
        assert_eq!(notes.iter().collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn a_long_one_is_cut_between_characters() {
        let mut notes = Normalizations::new();
        notes.add("é".repeat(300));
        assert_eq!(notes.iter().next().unwrap().chars().count(), 101);
    }
}
