//! A person's name in parts (RFC 7643, section 4.1.1). People enter one name. Identity providers need two parts of it.

/// The parts of a name. Neither is empty, unless the name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonName<'a> {
    /// `givenName`.
    pub given: &'a str,
    /// `familyName`.
    pub family: &'a str,
}

impl<'a> PersonName<'a> {
    /// Splits a name at its last space. A name of one word is both parts, because providers refuse a User without one
    /// of them. The name of a member with an open invite may be an email address. Then both parts are the text before
    /// the `@`.
    pub fn split(name: &'a str) -> Self {
        let name = name.trim();
        match name.rsplit_once(char::is_whitespace) {
            Some((given, family)) => Self { given: given.trim_end(), family },
            None => {
                let word = name.split_once('@').map_or(name, |(local, _)| local);
                let word = if word.is_empty() { name } else { word };
                Self { given: word, family: word }
            }
        }
    }
}
