//! Printing of filters in canonical form.

use super::{Filter, Literal};
use crate::AttributePath;
use std::fmt::{self, Display, Write};

/// Canonical form: [`Filter::parse`] parses the same filter from it, unless added URIs and escapes exceed the limits.
impl Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self, false)
    }
}

impl Filter {
    /// Writes the filter of an attribute's values: `emails[…]`.
    pub(crate) fn write_values(&self, f: &mut fmt::Formatter<'_>, path: AttributePath) -> fmt::Result {
        write!(f, "{path}[")?;
        write(f, self, true)?;
        f.write_char(']')
    }
}

/// `part`: inside the brackets of a value path, where names are sub-attributes.
fn write(f: &mut fmt::Formatter<'_>, filter: &Filter, part: bool) -> fmt::Result {
    match filter {
        Filter::And(filters) => join(f, filters, " and ", part),
        Filter::Or(filters) => join(f, filters, " or ", part),
        Filter::Not(filter) => {
            f.write_str("not (")?;
            write(f, filter, part)?;
            f.write_char(')')
        }
        Filter::Compare { path, op, value } => {
            name(f, *path, part)?;
            write!(f, " {} {value}", op.as_str())
        }
        Filter::Present(path) => {
            name(f, *path, part)?;
            f.write_str(" pr")
        }
        Filter::Values { path, filter } => filter.write_values(f, *path),
    }
}

fn join(f: &mut fmt::Formatter<'_>, filters: &[Filter], word: &str, part: bool) -> fmt::Result {
    for (i, filter) in filters.iter().enumerate() {
        if i > 0 {
            f.write_str(word)?;
        }
        // `and` binds closer, so only an `Or` inside an `And` needs brackets.
        if matches!(filter, Filter::Or(_)) {
            f.write_char('(')?;
            write(f, filter, part)?;
            f.write_char(')')?;
        } else {
            write(f, filter, part)?;
        }
    }
    Ok(())
}

fn name(f: &mut fmt::Formatter<'_>, path: AttributePath, part: bool) -> fmt::Result {
    if part { f.write_str(path.leaf().name) } else { path.fmt(f) }
}

impl Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The escapes are those of JSON.
            Self::Text(text) => serde_json::to_string(text.as_str()).map_err(|_| fmt::Error)?.fmt(f),
            Self::DateTime { text, .. } => serde_json::to_string(text).map_err(|_| fmt::Error)?.fmt(f),
            Self::Boolean(value) => value.fmt(f),
            Self::Null => f.write_str("null"),
        }
    }
}
