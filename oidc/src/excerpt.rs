//! Excerpts of received text, for errors.

/// Upper bound of an excerpt, in characters.
const MAX_CHARS: usize = 200;

/// The first 200 characters, with an ellipsis if more were received. Markup is not escaped: a page does that.
pub(crate) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(excerpt("ü"), "ü");
        assert_eq!(excerpt(&"ü".repeat(200)), "ü".repeat(200));
        assert_eq!(excerpt(&"ü".repeat(201)), format!("{}…", "ü".repeat(200)));
    }
}
