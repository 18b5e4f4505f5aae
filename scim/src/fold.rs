//! Comparison of text that is not case-sensitive (RFC 7643, section 2.2, `caseExact`).

/// Text without surrounding spaces, in lower case, character by character. Two values of an attribute that is not
/// `caseExact` are equal if their folds are equal.
///
/// The lower case of a character does not depend on its neighbours, so the fold of a part is a part of the fold. `sw`,
/// `ew` and `co` can therefore compare folds. (`str::to_lowercase` writes a sigma at the end of a word differently, so
/// both are σ here.)
///
/// A server that looks values up in columns must fill the columns with folds, so that an index and
/// [`Filter::matches`](crate::Filter::matches) agree.
pub fn fold(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() { text.to_ascii_lowercase() } else { lower(text).collect() }
}

/// Whether `fold(a) == fold(b)`, without copies.
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
        for (a, b, expected) in [
            ("Ada@Acme.test", "ada@ACME.TEST", true),
            (" ada\t", "ada", true),
            ("ÄÖÜ", "äöü", true),
            ("ΟΔΟΣ", "οδος", true), // the final sigma has its own lower case
            ("ΟΔΟΣ", "οδοσ", true),
            ("İ", "i\u{307}", true),
            ("a b", "ab", false),
            ("straße", "strasse", false),
            ("e\u{301}", "é", false), // no normalization
            ("\u{212A}", "k", true),  // the Kelvin sign
        ] {
            assert_eq!(fold(a) == fold(b), expected, "{a} {b}");
            assert_eq!(eq_folded(a, b), expected, "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn the_short_cut_agrees_with_folding(a in "[ aAkKéÉΣσς\u{212A}]{0,4}", b in "[ aAkKéÉΣσς\u{212A}]{0,4}") {
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
