//! Keys that stand where they should not.

use super::PREFIX;
use std::borrow::Cow;

/// What stands in their place.
const HIDDEN: &str = "•••";

/// The text without what is shaped like a SCIM API key, or like the start of one.
pub fn redact(text: &str) -> Cow<'_, str> {
    if !text.contains(PREFIX) {
        return Cow::Borrowed(text);
    }
    let mut pieces = text.split(PREFIX);
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        kept.push_str(PREFIX);
        // A hint, such as rc_scim_…x7Qd, is none.
        if rest.len() < piece.len() {
            kept.push_str(HIDDEN);
        }
        kept.push_str(rest);
    }
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn table() {
        for (text, kept) in [
            ("Boss", "Boss"),
            ("Boss rc_scim_0123456789ab_SECRET, too", "Boss rc_scim_•••, too"),
            ("rc_scim_0123456789ab_SECRETrc_scim_x", "rc_scim_•••rc_scim_•••"),
            ("rc_scim_…x7Qd", "rc_scim_…x7Qd"),
            ("rc_scim_", "rc_scim_"),
            (r#"{"name":"rc_scim_abc"}"#, r#"{"name":"rc_scim_•••"}"#),
        ] {
            assert_eq!(redact(text), kept, "{text}");
        }
    }
}
