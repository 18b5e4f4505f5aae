//! SCIM API keys: format, names, lifetimes and status.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::{
    DAY, HOUR, MINUTE,
    key::{self, Expiry, KeyId, KeyStatus, Overlap, ScimKey},
    validation::field_error::FieldError,
};

/// 18 November 2025, 14:02:11 UTC.
const NOW: i64 = 1_763_474_531_000;
const GOOD: &str = "rc_scim_00000000000F_000000000000000000000000000000000000000000G0tsXoA";

fn listed() -> ScimKey {
    ScimKey {
        id: KeyId::new("k"),
        name: "Okta".into(),
        tail: "x7Qd".into(),
        created_by: None,
        created_at: NOW,
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
        replaced_by: None,
    }
}

#[test]
fn a_key_consists_of_prefix_id_secret_and_checksum() {
    let (mut id, mut secret) = ([0; 9], [0; 32]);
    (id[8], secret[31]) = (15, 16);
    assert_eq!(key::format(id, secret), (KeyId::new("00000000000F"), GOOD.to_owned()));
    assert_eq!(key::parse(GOOD), Some(KeyId::new("00000000000F")));
    assert_eq!(key::tail(GOOD), "sXoA");
}

#[test]
fn the_width_is_fixed_from_all_zeros_to_all_ones() {
    for (id, secret, text) in [
        ([0; 9], [0; 32], "rc_scim_000000000000_0000000000000000000000000000000000000000000"),
        ([0xFF; 9], [0xFF; 32], "_"),
        ([0; 9], [0xFF; 32], "_"),
        ([0xFF; 9], [0; 32], "_0000000000000000000000000000000000000000000"),
    ] {
        let (id, key) = key::format(id, secret);
        assert_eq!(key.len(), 8 + 12 + 1 + 43 + 6);
        assert!(key.contains(text), "{key}");
        assert_eq!(key::parse(&key), Some(id));
    }
}

#[test]
fn the_whole_secret_is_part_of_the_key() {
    let (_, largest) = key::format([0; 9], [0xFF; 32]);
    let mut one_less = [0xFF; 32];
    one_less[31] = 0xFE;
    assert_ne!(largest.as_bytes()[21..64], key::format([0; 9], one_less).1.as_bytes()[21..64]);
    let mut highest_bit = [0; 32];
    highest_bit[0] = 0x80;
    assert_ne!(key::format([0; 9], [0; 32]).1[21..64], key::format([0; 9], highest_bit).1[21..64]);
}

#[test]
fn the_pattern_for_scanners_matches_every_key() {
    // The pattern has only literal text and two classes with a length, so this test can interpret it.
    assert_eq!(key::PATTERN, "rc_scim_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}");
    let (_, key) = key::format([0xA5; 9], [0x5A; 32]);
    let (id, rest) = key.strip_prefix(key::PREFIX).unwrap().split_once('_').unwrap();
    assert_eq!((id.len(), rest.len()), (12, 49));
    assert!(id.chars().chain(rest.chars()).all(|c| c.is_ascii_alphanumeric()));
}

#[test]
fn other_text_is_not_a_key() {
    for text in [
        "",
        "rc_scim_",
        "rc_scim__",
        "Bearer",
        &GOOD[..GOOD.len() - 1],
        &GOOD[1..],
        &format!("{GOOD}0"),
        &format!(" {GOOD}"),
        &format!("{GOOD}\n"),
        &GOOD.to_uppercase(),
        &GOOD.replace("rc_scim_", "rc-scim-"),
        &GOOD.replace("00F_", "00É_"),
        &GOOD.replace('_', "\u{FF3F}"),
        // Two adjacent characters are swapped.
        &GOOD.replace("sXoA", "XsoA"),
        &GOOD.replace("0F_0", "F0_0"),
    ] {
        assert_eq!(key::parse(text), None, "{text}");
    }
}

#[test]
fn the_tail_of_a_short_text_is_empty() {
    for (text, tail) in
        [("", ""), ("abc", ""), ("abcd", "abcd"), ("éééé", "éé"), ("a€", "a€"), ("ab€", "b€"), ("€€", "")]
    {
        assert_eq!(key::tail(text), tail);
    }
}

#[test]
fn a_key_name_is_unique_among_usable_keys() {
    assert_eq!(key::name("  Okta prod ", ["Okta", "Entra"]).unwrap(), "Okta prod");
    for name in ["Okta", "okta", " OKTA "] {
        assert_eq!(key::name(name, ["Entra", "Okta"]), Err(FieldError::KeyNameTaken));
    }
    assert_eq!(key::name("ÉCOLE", ["école"]), Err(FieldError::KeyNameTaken));
    assert_eq!(key::name("", []), Err(FieldError::Missing("a name".into())));
    assert_eq!(key::name(&"k".repeat(65), []), Err(FieldError::TooLong { max: 64, actual: 65 }));
}

#[test]
fn the_expiry_is_90_180_or_365_days_or_never() {
    assert_eq!(Expiry::default(), Expiry::Days365);
    for (value, ends) in
        [("90", Some(NOW + 90 * DAY)), ("180", Some(NOW + 180 * DAY)), ("365", Some(NOW + 365 * DAY)), ("never", None)]
    {
        let expiry = Expiry::parse(value).unwrap();
        assert_eq!((expiry.name(), expiry.ends(NOW)), (value, ends));
        assert_eq!(serde_json::to_value(expiry).unwrap(), value);
    }
    for value in ["", "91", "Never", "-1", " 90"] {
        assert_eq!(Expiry::parse(value), Err(FieldError::NotAnOption));
    }
    assert_eq!(Expiry::Days90.ends(i64::MAX), Some(i64::MAX));
}

#[test]
fn the_overlap_is_none_an_hour_or_one_three_or_seven_days() {
    assert_eq!(Overlap::default(), Overlap::Day);
    for (value, length) in [("now", 0), ("1h", HOUR), ("24h", DAY), ("3d", 3 * DAY), ("7d", 7 * DAY)] {
        let overlap = Overlap::parse(value).unwrap();
        assert_eq!((overlap.name(), overlap.length()), (value, length));
        assert_eq!(serde_json::to_value(overlap).unwrap(), value);
    }
    for value in ["", "0", "2h", "24H"] {
        assert_eq!(Overlap::parse(value), Err(FieldError::NotAnOption));
    }
}

#[test]
fn every_choice_is_listed_once() {
    assert_eq!(Expiry::ALL.map(Expiry::label), ["In 90 days", "In 180 days", "In 365 days", "Never"]);
    assert_eq!(Overlap::ALL.map(Overlap::label), ["Immediately", "In 1 hour", "In 24 hours", "In 3 days", "In 7 days"]);
}

#[test]
fn the_status_changes_in_the_millisecond_of_the_end() {
    use KeyStatus::{Active, Expired, Expiring, HandingOver, Revoked};
    let warn = key::WARN_BEFORE;
    for (expires_at, revoked_at, replaced, status) in [
        (None, None, false, Active),
        (Some(NOW + warn + 1), None, false, Active),
        (Some(NOW + warn), None, false, Expiring { at: NOW + warn }),
        (Some(NOW + 1), None, false, Expiring { at: NOW + 1 }),
        (Some(NOW), None, false, Expired { at: NOW }),
        (Some(NOW - 1), None, false, Expired { at: NOW - 1 }),
        (Some(NOW + 1), None, true, HandingOver { until: NOW + 1 }),
        (Some(NOW + 90 * DAY), None, true, HandingOver { until: NOW + 90 * DAY }),
        (Some(NOW), None, true, Expired { at: NOW }),
        (None, Some(NOW), false, Revoked { at: NOW }),
        (Some(NOW + DAY), Some(NOW - 5), false, Revoked { at: NOW - 5 }),
        (Some(NOW + DAY), Some(NOW - 5), true, Revoked { at: NOW - 5 }),
        (Some(NOW - DAY), Some(NOW - 5), true, Revoked { at: NOW - 5 }),
    ] {
        let replaced_by = replaced.then(|| KeyId::new("next"));
        let key = ScimKey { expires_at, revoked_at, replaced_by, ..listed() };
        assert_eq!(key.status(NOW), status);
        assert_eq!(status.is_usable(), !matches!(status, Expired { .. } | Revoked { .. }));
        assert_eq!(status.counts(), matches!(status, Active | Expiring { .. }));
    }
}

#[test]
fn extreme_times_never_panic() {
    for (at, now) in [(i64::MAX, i64::MIN), (i64::MIN, i64::MAX), (i64::MIN, i64::MIN), (i64::MAX, i64::MAX)] {
        let status = ScimKey { expires_at: Some(at), ..listed() }.status(now);
        let _ = status.warning(now);
    }
}

#[test]
fn the_warning_counts_down() {
    for (remaining, text) in [
        (1, "Expires in less than a minute"),
        (MINUTE - 1, "Expires in less than a minute"),
        (MINUTE, "Expires in 1 min"),
        (HOUR - 1, "Expires in 59 min"),
        (HOUR, "Expires in 1 hour"),
        (DAY - 1, "Expires in 23 hours"),
        (2 * DAY - 1, "Expires in 47 hours"),
        (2 * DAY, "Expires in 2 days"),
        (13 * DAY - 1, "Expires in 12 days"),
        (30 * DAY, "Expires in 30 days"),
    ] {
        let key = ScimKey { expires_at: Some(NOW + remaining), ..listed() };
        assert_eq!(key.status(NOW).warning(NOW).as_deref(), Some(text));
        let rolled = ScimKey { replaced_by: Some(KeyId::new("next")), ..key };
        assert_eq!(rolled.status(NOW).warning(NOW).as_deref(), Some(text));
    }
    assert_eq!(listed().status(NOW).warning(NOW), None);
    assert_eq!(KeyStatus::Expired { at: NOW }.warning(NOW), None);
    assert_eq!(KeyStatus::Revoked { at: NOW }.warning(NOW), None);
}

#[test]
fn the_hint_shows_prefix_and_last_four() {
    assert_eq!(listed().hint(), "rc_scim_…x7Qd");
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use domain::key;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_formatted_key_can_be_parsed(id in any::<[u8; 9]>(), secret in any::<[u8; 32]>()) {
            let (id, key) = key::format(id, secret);
            prop_assert_eq!(key.len(), 70);
            prop_assert_eq!(id.as_str().len(), 12);
            prop_assert_eq!(key::parse(&key), Some(id));
        }

        #[test]
        fn different_secrets_give_different_keys(one in any::<[u8; 32]>(), other in any::<[u8; 32]>()) {
            prop_assert_eq!(one == other, key::format([7; 9], one).1 == key::format([7; 9], other).1);
        }

        #[test]
        fn any_changed_character_fails_the_checksum(
            id in any::<[u8; 9]>(),
            secret in any::<[u8; 32]>(),
            at in 0usize..70,
            with in prop_oneof![any::<char>(), prop::char::ranges(vec!['0'..='9', 'A'..='Z', 'a'..='z'].into())],
        ) {
            let (_, key) = key::format(id, secret);
            let changed: String = key.chars().enumerate().map(|(i, c)| if i == at { with } else { c }).collect();
            prop_assert_eq!(key::parse(&changed).is_some(), changed == key);
        }

        #[test]
        fn a_missing_or_added_character_fails_the_checksum(secret in any::<[u8; 32]>(), at in 0usize..70, with in "[0-9A-Za-z]") {
            let (_, mut key) = key::format([1; 9], secret);
            let mut longer = key.clone();
            longer.insert_str(at, &with);
            prop_assert_eq!(key::parse(&longer), None);
            key.remove(at);
            prop_assert_eq!(key::parse(&key), None);
        }

        #[test]
        fn any_text_never_panics(text in any::<String>()) {
            prop_assert_eq!(key::parse(&text), None);
            prop_assert_eq!(key::parse(&format!("{}{text}", key::PREFIX)), None);
            let _ = key::tail(&text);
        }

        #[test]
        fn key_like_text_never_panics(text in "rc_scim_[0-9A-Za-z]{10,14}_[0-9A-Za-z]{47,51}") {
            // One text in 56 billion has the right checksum by chance.
            prop_assert_eq!(key::parse(&text), None);
        }
    }
}
