//! Output of commands: results on stdout, so that scripts can read them, and messages on stderr.

use super::CliError;
use std::{
    fmt::Display,
    io::{self, Write as _},
};

/// One line on stdout.
///
/// # Errors
/// Nothing reads stdout.
pub(super) fn line(text: impl Display) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    let result = writeln!(out, "{text}").and_then(|()| out.flush());
    result.map_err(|error| CliError::new(format!("can't write to stdout: {error}")))
}

/// One line on stderr. A failure cannot be reported anywhere, so it is ignored.
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
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "bcd", ""], ["éé", "x", "y"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "a   bcd\néé  x    y");
        assert_eq!(table::<2>(&[]), "");
    }
}
