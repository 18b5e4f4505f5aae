//! How text is compared where letter case does not matter (RFC 7643, section 2.2, `caseExact`).

/// Text without spaces around it, in Unicode's full lower case: two values of an attribute that is not `caseExact` are
/// equal if this gives the same for both.
///
/// A server that looks values up in columns has to fill the columns with what this gives, so that an index and
/// [`Filter::matches`](crate::Filter::matches) agree.
pub fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Is `fold(a) == fold(b)`? Nearly all text is ASCII, and then this makes no copies.
pub(crate) fn eq_folded(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim(), b.trim());
    if a.is_ascii() && b.is_ascii() { a.eq_ignore_ascii_case(b) } else { a.to_lowercase() == b.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn table() {
        for (a, b, wanted) in [
            ("Ada@Acme.test", "ada@ACME.TEST", true),
            (" ada\t", "ada", true),
            ("ÄÖÜ", "äöü", true),
            ("ΟΔΟΣ", "οδος", true), // the last sigma of a word has its own lower case
            ("İ", "i\u{307}", true),
            ("a b", "ab", false),
            ("straße", "strasse", false),
            ("e\u{301}", "é", false), // no normalisation
            ("\u{212A}", "k", true),  // the Kelvin sign
        ] {
            assert_eq!(fold(a) == fold(b), wanted, "{a} {b}");
            assert_eq!(eq_folded(a, b), wanted, "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn the_short_cut_is_right(a in "[ aAkKéÉΣσς\u{212A}]{0,4}", b in "[ aAkKéÉΣσς\u{212A}]{0,4}") {
            prop_assert_eq!(eq_folded(&a, &b), fold(&a) == fold(&b));
        }
    }
}
