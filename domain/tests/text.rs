//! Names, email addresses and slugs: their rules and their comparison.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::validation::{
    field_error::FieldError,
    text::{capitalized, email, fold, initials, is_invisible, join_names, name, search, slug},
};

#[test]
fn a_search_has_at_most_255_characters() {
    assert_eq!(search("  Ada \t"), Ok("Ada"));
    assert_eq!(search(""), Ok(""));
    assert_eq!(search(&"é".repeat(255)), Ok("é".repeat(255).as_str()));
    assert_eq!(search(&"é".repeat(256)), Err(FieldError::TooLong { max: 255, actual: 256 }));
}

#[test]
fn a_name_has_1_to_64_characters_after_trimming() {
    for (typed, expected) in [
        ("O", "O".to_owned()),
        (" \t Okta prod \r\n", "Okta prod".to_owned()),
        ("\u{A0}\u{3000}Okta\u{2003}", "Okta".to_owned()),
        (&"k".repeat(64), "k".repeat(64)),
        (&format!("  {}  ", "k".repeat(64)), "k".repeat(64)),
        // Characters, not bytes.
        (&"é".repeat(64), "é".repeat(64)),
        (&"🎉".repeat(64), "🎉".repeat(64)),
    ] {
        assert_eq!(name(typed, "a name").unwrap(), expected);
    }
    for typed in ["", " ", "   \t\n", "\u{A0}\u{2003}\u{3000}"] {
        assert_eq!(name(typed, "a name"), Err(FieldError::Missing("a name".into())));
    }
    for (typed, actual) in
        [("k".repeat(65), 65), ("é".repeat(65), 65), ("🎉".repeat(70), 70), ("x".repeat(100_000), 100_000)]
    {
        assert_eq!(name(&typed, "a name"), Err(FieldError::TooLong { max: 64, actual }));
    }
    assert_eq!(FieldError::TooLong { max: 64, actual: 65 }.to_string(), "Use 64 characters or fewer. This has 65.");
    assert_eq!(FieldError::Missing("a name".into()).to_string(), "Enter a name.");
}

#[test]
fn control_characters_are_refused() {
    for c in ('\0'..=' ').chain('\u{7F}'..='\u{9F}').filter(|c| *c != ' ') {
        assert_eq!(name(&format!("Ok{c}ta"), "a name"), Err(FieldError::InvisibleCharacters), "{c:?}");
    }
}

#[test]
fn marks_that_hide_or_reorder_are_refused_with_a_clear_error() {
    for (what, marks) in [
        ("left-to-right, right-to-left, Arabic letter mark", "\u{200E}\u{200F}\u{061C}"),
        ("embeddings and overrides", "\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}"),
        ("isolates", "\u{2066}\u{2067}\u{2068}\u{2069}"),
        ("nothing to see", "\u{200B}\u{2060}\u{FEFF}\u{00AD}\u{180E}\u{034F}"),
        ("empty letters", "\u{115F}\u{3164}\u{FFA0}\u{2800}"),
        ("not characters", "\u{FFFE}\u{FFFF}\u{10FFFF}\u{FDD0}"),
        ("language tag", "\u{E0001}"),
    ] {
        for c in marks.chars() {
            assert!(is_invisible(c), "{what}: {c:?}");
            for typed in [format!("Ok{c}ta"), format!("{c}Okta"), format!("Okta{c}"), format!("é{c}é")] {
                assert_eq!(name(&typed, "a name"), Err(FieldError::InvisibleCharacters), "{what}: {typed:?}");
            }
        }
    }
    // The line and paragraph separators are spaces: trimmed outside, refused inside.
    for c in ['\u{2028}', '\u{2029}'] {
        assert_eq!(name(&format!("{c}Okta{c}"), "a name").as_deref(), Ok("Okta"));
        assert_eq!(name(&format!("Ok{c}ta"), "a name"), Err(FieldError::InvisibleCharacters));
    }
    assert_eq!(
        FieldError::InvisibleCharacters.to_string(),
        "Remove invisible characters. Only visible text and spaces are allowed."
    );
}

#[test]
fn emoji_and_every_script_are_accepted() {
    for typed in [
        "🎉",
        "Okta 🚀 prod",
        "👩‍💻",        // joined
        "👨‍👩‍👧‍👦 family", // joined three times
        "👍🏽",        // skin tone
        "🧑🏽‍🚀",        // skin tone, joined
        "❤️‍🔥",        // selector, joined
        "👁️‍🗨️",        // selector, joined, selector
        "☎︎",         // shown as text
        "1️⃣ #️⃣ *️⃣",  // keycaps
        "🇨🇭",        // regional indicators
        "🏴󠁧󠁢󠁷󠁬󠁳󠁿",        // tags
        "🏳️‍🌈",
        "Škoda Auto",
        "Ångström e\u{301}", // combining
        "مریم‌السادات",       // Persian with U+200C
        "ශ්‍රී ලංකා",            // Sinhala with U+200D
        "അവന്‍",               // Malayalam with U+200D at the end
        "ক্‍ষ",
        "葛\u{E0100}城", // form of a Han character
        "日本語　チーム",
        "עברית العربية",
        "O’Brien & Söhne – GmbH",
    ] {
        assert_eq!(name(typed, "a name").as_deref(), Ok(typed));
    }
}

#[test]
fn joiners_and_selectors_without_effect_are_refused() {
    for typed in [
        "Ok\u{200D}ta",
        "Okta\u{200D}",
        "Okta\u{200C}",
        "\u{200D}",
        "\u{200D}🎉",
        "🎉 \u{200D}",
        "👩\u{200D}\u{200D}💻",
        "\u{FE0F}",
        "Okta\u{FE0F}",
        "Okta 1\u{FE0F}",
        "O\u{FE0F}\u{20E3}",
        "❤\u{FE0F}\u{FE0F}",
        "é \u{FE0F}",
        "Okta\u{E0100}",
        "Okta\u{E0061}",
        "🎉\u{E0067}\u{E007F}",
        "🏴\u{E0067}\u{E007F}\u{E0067}",
    ] {
        assert_eq!(name(typed, "a name"), Err(FieldError::InvisibleCharacters), "{typed:?}");
    }
}

#[test]
fn comparison_ignores_case_and_surrounding_spaces() {
    for (one, other) in
        [("Okta", "OKTA"), (" Okta ", "okta"), ("ÉCOLE", "école"), ("ЖУК", "жук"), ("İ", "İ"), ("\u{212A}", "k")]
    {
        assert_eq!(fold(one), fold(other));
    }
    for (one, other) in [("Okta", "0kta"), ("a b", "ab"), ("a  b", "a b"), ("ß", "ss"), ("\u{E9}", "e\u{301}")] {
        assert_ne!(fold(one), fold(other));
    }
}

#[test]
fn only_plain_email_addresses_are_accepted() {
    let (local, label) = ("l".repeat(64), "d".repeat(60));
    let longest = format!("{local}@{label}.{label}.{label}.io");
    for good in [
        "ada@example.com",
        "ada.lovelace+rollcall@mail.example.co.uk",
        "o'brien_!#$%&*/=?^`{|}~-@example.com",
        "ADA@Example.COM",
        "ada@bücher.example",
        "jörg@example.com",
        "1@2.example",
        "guest_partner.com#EXT#@tenant.onmicrosoft.com",
        &longest,
    ] {
        assert_eq!(email(good).as_deref(), Ok(good));
        assert_eq!(email(&format!(" {good}\n")).as_deref(), Ok(good));
    }
    for bad in [
        "ada",
        "@",
        "ada@",
        "@example.com",
        "ada@example",
        "ada@example.",
        "ada@.example.com",
        "ada@example..com",
        "ada@-example.com",
        "ada@example-.com",
        "ada@exa mple.com",
        "ada lovelace@example.com",
        "ada@@example.com",
        "ada@b@example.com",
        "Ada <ada@example.com>",
        "mailto:ada@example.com",
        "ada@example.com, bob@example.com",
        "\"ada\"@example.com",
        "ada@[127.0.0.1]",
        "ada@example.com\u{200B}",
        "a\u{202E}da@example.com",
        "a\u{0}da@example.com",
        &format!("l{longest}"),
        &format!("ada@{}.com", "d".repeat(64)),
        &format!("ada@{}com", "example.".repeat(40)),
    ] {
        assert_eq!(email(bad), Err(FieldError::NotAnEmail), "{bad}");
    }
    for empty in ["", "  "] {
        assert_eq!(email(empty).unwrap_err().to_string(), "Enter an email.");
    }
}

#[test]
fn a_slug_has_lower_case_letters_digits_and_hyphens() {
    for good in ["a", "acme", "acme-2", "0", "a-b-c", &"s".repeat(48)] {
        assert_eq!(slug(good).as_deref(), Ok(good));
    }
    for bad in ["", "-", "-acme", "acme-", "Acme", "ac me", "ac_me", "acmé", "a/b", "..", " acme", &"s".repeat(49)] {
        assert!(slug(bad).unwrap_err().starts_with(&format!("“{bad}” is not a slug: use 1–48")));
    }
}

#[test]
fn names_are_joined_with_commas_and_and() {
    for (names, text) in [
        (&[][..], ""),
        (&["Okta"], "Okta"),
        (&["Okta", "Google"], "Okta and Google"),
        (&["A", "B", "C"], "A, B, and C"),
    ] {
        assert_eq!(join_names(names), text);
    }
}

#[test]
fn initials_of_first_and_last_word() {
    for (name, text) in [
        ("Ada Lovelace", "AL"),
        ("ada", "A"),
        ("ada@example.com", "A"),
        ("Ludwig van Beethoven", "LB"),
        ("  tomás   rivera ", "TR"),
        ("(Ada) “Countess” -Lovelace-", "AL"),
        ("ßeta", "SS"),
        ("王 小明", "王小"),
        ("Ada 🎉", "A"),
        ("🎉 🎊", "🎉"),
        ("-", "-"),
        ("", ""),
        ("  ", ""),
    ] {
        assert_eq!(initials(name), text, "{name}");
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use domain::validation::text::{bounded, email, fold, has_hidden, initials, is_invisible, name, slug};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn checking_a_name_twice_changes_nothing(typed in any::<String>()) {
            if let Ok(once) = name(&typed, "a name") {
                prop_assert_eq!(name(&once, "a name"), Ok(once.clone()));
                prop_assert_eq!(typed.trim(), &once);
                prop_assert!((1..=64).contains(&once.chars().count()));
                prop_assert!(!has_hidden(&once));
            }
        }

        #[test]
        fn an_ascii_name_is_printable(typed in "[\\x00-\\x7F]{0,70}") {
            let trimmed = typed.trim();
            let good = (1..=64).contains(&trimmed.len()) && trimmed.bytes().all(|b| (b' '..=b'~').contains(&b));
            prop_assert_eq!(name(&typed, "a name").is_ok(), good);
        }

        #[test]
        fn an_invisible_character_anywhere_inside_is_refused(
            before in "[a-z]{1,20}",
            after in "[a-z]{1,20}",
            c in prop::sample::select(('\0'..=char::MAX).filter(|c| is_invisible(*c)).collect::<Vec<_>>()),
        ) {
            let typed = format!("{before}{c}{after}");
            prop_assert!(name(&typed, "a name").is_err());
        }

        #[test]
        fn any_text_never_panics(text in any::<String>(), max in 0usize..100) {
            let _ = (bounded(&text, "it", max), email(&text), slug(&text), initials(&text));
        }

        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn an_email_matches_in_any_case(typed in "[a-zA-Z.+_-]{1,20}@([a-zA-Z0-9]{1,8}\\.){1,3}[a-z]{2,6}") {
            prop_assert_eq!(email(&typed), Ok(typed.clone()));
            prop_assert_eq!(fold(&typed), fold(&typed.to_uppercase()));
        }
    }
}

#[test]
fn sentences_start_with_a_capital_letter() {
    assert_eq!(capitalized("your provider"), "Your provider");
    assert_eq!(capitalized("Okta"), "Okta");
    assert_eq!(capitalized(""), "");
}
