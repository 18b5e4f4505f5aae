//! Syntax errors of filters and paths.

/// A syntax error and its position in bytes.
#[derive(Debug)]
pub(crate) struct FilterSyntaxError {
    what: String,
    at: usize,
}

impl FilterSyntaxError {
    pub(crate) fn new(what: impl Into<String>, at: usize) -> Self {
        Self { what: what.into(), at }
    }

    /// The error text for the parameter `name` with the value `text`. Positions are in characters, where the first is
    /// 1.
    pub(crate) fn describe(&self, name: &str, text: &str) -> String {
        let before = text.get(..self.at).unwrap_or(text);
        format!("{name}, character {}: {}", before.chars().count() + 1, self.what)
    }
}
