//! Comma-separated values (RFC 4180), safe to open in a spreadsheet.

/// Appends a line.
pub(super) fn line(text: &mut String, fields: &[&str]) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        push(text, field);
    }
    text.push_str("\r\n");
}

/// Quotes the field if necessary. A text that a spreadsheet would run as a formula gets a leading apostrophe, which makes it
/// text (OWASP, CSV injection).
fn push(text: &mut String, field: &str) {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let quoted = is_formula || field.contains(['"', ',', '\r', '\n', ';']) || field.trim() != field;
    if quoted {
        text.push('"');
    }
    if is_formula {
        text.push('\'');
    }
    for c in field.chars() {
        if c == '"' {
            text.push('"');
        }
        text.push(c);
    }
    if quoted {
        text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_stays_one_field_of_text() {
        for (field, expected) in [
            ("Ada", "Ada"),
            ("", ""),
            ("Lovelace, Ada", "\"Lovelace, Ada\""),
            ("the \"first\"", "\"the \"\"first\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            (" spaced", "\" spaced\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\tx", "\"'\tx\""),
            ("a=b", "a=b"),
        ] {
            let mut text = String::new();
            line(&mut text, &[field, "x"]);
            assert_eq!(text, format!("{expected},x\r\n"));
        }
    }
}
