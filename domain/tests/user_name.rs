//! Reuse of userNames.
#![allow(clippy::unwrap_used)]

use domain::{DAY, user_name::Renames};

const ENTRA: &str = "0123456789abcdef0123456789ABCDEF";

#[test]
fn a_rename_on_leaving_frees_the_user_name() {
    let start = Renames::default();
    let now = 100 * DAY;
    let renamed = |ago: i64| Renames { last: Some(now - ago), freed: false };
    let freed = Renames { last: Some(now - 60 * DAY), freed: true };
    for (before, is_renamed, was_gone, is_gone, expected) in [
        // In the same request, before it, after it.
        (start, true, false, true, true),
        (renamed(0), false, false, true, true),
        (renamed(7 * DAY), false, false, true, true),
        (start, true, true, true, true),
        // Deleted later on.
        (freed, false, true, true, true),
        // A rename long before the removal was an ordinary change of name.
        (renamed(7 * DAY + 1), false, false, true, false),
        (start, false, false, true, false),
        (start, false, true, true, false),
        // Still there, or back.
        (start, true, false, false, false),
        (freed, true, true, false, false),
        (freed, false, true, false, false),
    ] {
        let after = before.after(is_renamed, was_gone, is_gone, now);
        assert_eq!(after.freed, expected, "{before:?} {is_renamed} {was_gone} {is_gone}");
        assert_eq!(after.last, if is_renamed { Some(now) } else { before.last });
    }
}

#[test]
fn entra_leavers_are_recognized_by_their_prefix() {
    let of = |name: &str| Renames::default().is_freed(name);
    assert!(of(&format!("{ENTRA}ada@contoso.com")));
    assert!(!of(ENTRA), "digits alone are a userName");
    assert!(!of("ada@contoso.com") && !of("") && !of(&format!("g{ENTRA}ada")) && !of(&"é".repeat(20)));
    assert!(Renames { last: None, freed: true }.is_freed("DELETED-ada"));
}
