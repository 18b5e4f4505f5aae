//! Redaction of keys in texts.

use super::PREFIX;
use std::borrow::Cow;

/// The replacement for a key.
const HIDDEN: &str = "•••";

/// Removes everything that has the form of a SCIM API key, or of the start of one.
pub fn redact(text: &str) -> Cow<'_, str> {
    if !text.contains(PREFIX) {
        return Cow::Borrowed(text);
    }
    let mut pieces = text.split(PREFIX);
    let mut redacted = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        redacted.push_str(PREFIX);
        // A hint, such as rc_scim_…x7Qd, is not a key.
        if rest.len() < piece.len() {
            redacted.push_str(HIDDEN);
        }
        redacted.push_str(rest);
    }
    Cow::Owned(redacted)
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn keys_are_redacted_and_hints_are_not() {
        for (text, redacted) in [
            ("Boss", "Boss"),
            ("Boss rc_scim_0123456789ab_SECRET, too", "Boss rc_scim_•••, too"),
            ("rc_scim_0123456789ab_SECRETrc_scim_x", "rc_scim_•••rc_scim_•••"),
            ("rc_scim_…x7Qd", "rc_scim_…x7Qd"),
            ("rc_scim_", "rc_scim_"),
            (r#"{"name":"rc_scim_abc"}"#, r#"{"name":"rc_scim_•••"}"#),
        ] {
            assert_eq!(redact(text), redacted, "{text}");
        }
    }
}
