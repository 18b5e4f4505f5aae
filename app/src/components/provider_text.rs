//! Values of identity providers as text on pages. Anyone may have chosen them.

use domain::validation::text;

/// The longest value in a sentence, in characters.
pub(crate) const SENTENCE_MAX: usize = 200;

/// The value with at most `max` characters. Characters without a glyph are replaced, because some of them reorder the text
/// around them.
pub(crate) fn provider_text(value: &str, max: usize) -> String {
    let mut chars = value.chars().map(|c| if text::is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c });
    let mut shown: String = chars.by_ref().take(max).collect();
    if chars.next().is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::provider_text;

    #[test]
    fn a_long_value_is_cut() {
        assert_eq!(provider_text("abc", 3), "abc");
        assert_eq!(provider_text("abcd", 3), "ab…");
        assert_eq!(provider_text(&"é".repeat(10_000), 200).chars().count(), 200);
    }

    #[test]
    fn marks_that_reorder_text_are_replaced() {
        assert_eq!(provider_text("a\u{202E}b\r\nc", 9), "a\u{FFFD}b\u{FFFD}\u{FFFD}c");
    }
}
