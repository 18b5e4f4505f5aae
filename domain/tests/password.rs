//! The password policy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use domain::validation::{
    field_error::FieldError,
    password::{self, MAX, MIN},
};

fn checked(typed: &str) -> Result<(), FieldError> {
    password::check(typed, "ada.lovelace@analytical.example", "Augusta Ada Byron King")
}

#[test]
fn only_the_length_counts() {
    let (shortest, longest) = ("tea at half past".get(..MIN).unwrap(), "long enough, it seems; ".repeat(6));
    for good in [
        shortest,
        longest.get(..MAX).unwrap(),
        "orange tree wooden boat",
        "no-digits-no-capitals-no-signs",
        "pass word with spaces  ",
        "пароль из пятнадцати",
        "🎉🎊🚀👍🏽 emoji are fine",
    ] {
        assert_eq!(checked(good), Ok(()), "{good}");
    }
    assert_eq!(checked(""), Err(FieldError::Missing("a password".into())));
    for short in ["a", "Tr0ub4dor&3", "fourteen chars", &"é".repeat(14)] {
        assert_eq!(checked(short), Err(FieldError::PasswordTooShort(15)), "{short}");
    }
    let long = "long enough, it seems; ".repeat(6);
    let long = long.get(..=MAX).unwrap();
    assert_eq!(checked(long), Err(FieldError::TooLong { max: 128, actual: 129 }));
}

#[test]
fn common_passwords_are_refused() {
    for common in [
        "passwordpassword",
        "PasswordPassword",
        "password123456789",
        "PASSWORD12345678",
        "correct horse battery staple",
        "iloveyouforever",
        // rows and sequences
        "123456789012345",
        "12345678901234567890",
        "0987654321098765",
        "qwertyuiopasdfgh",
        "QWERTYUIOPasdfghjkl",
        "abcdefghijklmnop",
        "zyxwvutsrqponmlk",
        "1234567890qwertyuiop",
        "poiuytrewqlkjhg",
        "azertyuiopqsdfgh",
        // a few characters, again and again
        "aaaaaaaaaaaaaaa",
        "               ",
        "abcabcabcabcabc",
        "123123123123123",
        "letmeinletmeinletmein",
        "rollcallrollcall",
        // short, with spaces around it
        "hunter2         ",
    ] {
        assert_eq!(checked(common), Err(FieldError::PasswordCommon), "{common}");
    }
}

#[test]
fn the_members_own_name_and_email_are_refused() {
    for own in [
        "ada.lovelace@analytical.example",
        "ADA.Lovelace@Analytical.EXAMPLE",
        "Augusta Ada Byron King",
        "augustaadabyronking",
        "  Augusta Ada Byron King ",
    ] {
        assert_eq!(checked(own), Err(FieldError::PasswordPersonal), "{own}");
    }
    assert_eq!(
        password::check("ada.lovelace.1815", "ada.lovelace.1815@x.example", ""),
        Err(FieldError::PasswordPersonal)
    );
    assert_eq!(password::check("orange tree wooden boat", "", ""), Ok(()));
    assert_eq!(checked("Augusta Ada Byron King 1815"), Ok(()));
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::{MAX, MIN, checked};
    use domain::validation::password;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_never_panics(typed in any::<String>(), email in any::<String>(), name in any::<String>()) {
            if password::check(&typed, &email, &name).is_ok() {
                prop_assert!((MIN..=MAX).contains(&typed.chars().count()));
            }
        }

        #[test]
        fn a_random_password_is_accepted(typed in "[!-~]{20,128}") {
            prop_assert_eq!(checked(&typed), Ok(()));
        }

        #[test]
        fn repetition_does_not_make_a_password_strong(unit in "[!-~]{1,8}", times in 15usize..17) {
            prop_assert!(checked(&unit.repeat(times)).is_err());
        }
    }
}
