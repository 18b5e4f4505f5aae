//! What the commands print: results on stdout, so that scripts can read them; everything said about them on stderr.

use super::CliError;
use std::{
    fmt::Display,
    io::{self, Write as _},
};

/// One line on stdout.
///
/// # Errors
/// Nobody reads stdout.
pub(super) fn line(text: impl Display) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{text}").and_then(|()| out.flush());
    written.map_err(|error| CliError::new(format!("can't write to stdout: {error}")))
}

/// One line on stderr. Where nobody reads it, there is nobody left to tell.
pub(super) fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Rows in columns, each as wide as its widest cell, two spaces apart.
pub(super) fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_are_as_wide_as_they_must_be() {
        let rows = [["a", "bcd", ""], ["éé", "x", "y"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "a   bcd\néé  x    y");
        assert_eq!(table::<2>(&[]), "");
    }
}
