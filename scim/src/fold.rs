//! How text is compared where letter case does not matter (RFC 7643, section 2.2, `caseExact`).

/// Text without spaces around it, in lower case, character by character: two values of an attribute that is not `caseExact`
/// are equal if this gives the same for both.
///
/// A character's lower case does not depend on the characters beside it, so the fold of a part of a text is a part of the
/// text's fold, and `sw`, `ew` and `co` can compare folds. (`str::to_lowercase` writes a sigma at the end of a word
/// otherwise than one inside a word; here both are σ.)
///
/// A server that looks values up in columns has to fill the columns with what this gives, so that an index and
/// [`Filter::matches`](crate::Filter::matches) agree.
pub fn fold(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() { text.to_ascii_lowercase() } else { lower(text).collect() }
}

/// Is `fold(a) == fold(b)`? This makes no copies.
pub(crate) fn eq_folded(a: &str, b: &str) -> bool {
    let (a, b) = (a.trim(), b.trim());
    if a.is_ascii() && b.is_ascii() { a.eq_ignore_ascii_case(b) } else { lower(a).eq(lower(b)) }
}

fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folding_is_simple_and_per_character() {
        for (a, b, wanted) in [
            ("Ada@Acme.test", "ada@ACME.TEST", true),
            (" ada\t", "ada", true),
            ("ÄÖÜ", "äöü", true),
            ("ΟΔΟΣ", "οδος", true), // the last sigma of a word has its own lower case
            ("ΟΔΟΣ", "οδοσ", true),
            ("İ", "i\u{307}", true),
            ("a b", "ab", false),
            ("straße", "strasse", false),
            ("e\u{301}", "é", false), // no normalization
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

        #[test]
        fn the_fold_of_a_part_is_a_part_of_the_fold(a in "\\PC{0,6}", b in "[aΣσςİ]{0,3}") {
            let whole = [a.as_str(), b.as_str()].concat();
            prop_assert!(fold(&whole).starts_with(&fold(&a)), "{whole}");
            prop_assert!(fold(&whole).ends_with(&fold(&b)), "{whole}");
            prop_assert_eq!(fold(&fold(&whole)), fold(&whole));
        }
    }
}
