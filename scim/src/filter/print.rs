//! Writes filters in canonical form.

use super::{Filter, Literal};
use crate::AttributePath;
use std::fmt::{self, Display, Write};

/// Canonical form: [`Filter::parse`] reads the same filter from it, unless it grew beyond the limits by URIs and
/// escapes that had not been there.
impl Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self, false)
    }
}

impl Filter {
    /// Writes it as what chooses values of an attribute: `emails[…]`.
    pub(crate) fn write_values(&self, f: &mut fmt::Formatter<'_>, path: AttributePath) -> fmt::Result {
        write!(f, "{path}[")?;
        write(f, self, true)?;
        f.write_char(']')
    }
}

/// `part`: in the brackets of a value path, where names are those of sub-attributes.
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
        // `and` binds closer: of the two only an `Or` inside an `And` needs the brackets.
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
            // The rules for escapes are JSON's own.
            Self::Text(text) => serde_json::to_string(text.as_str()).map_err(|_| fmt::Error)?.fmt(f),
            Self::DateTime { text, .. } => serde_json::to_string(text).map_err(|_| fmt::Error)?.fmt(f),
            Self::Boolean(value) => value.fmt(f),
            Self::Null => f.write_str("null"),
        }
    }
}
