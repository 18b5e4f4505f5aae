//! The password policy: long, and not a common one.
//!
//! Only the length counts (NIST SP 800-63B-4, section 3.1.1.2; OWASP ASVS 5.0, 6.2). Rules about digits and signs make
//! passwords harder to remember, not harder to guess. Nothing is trimmed, because spaces are part of a password.

use crate::validation::{field_error::FieldError, text};

/// The minimum length of a password that is the only factor.
pub const MIN: usize = 15;
/// The maximum length, because hashing must stay cheap.
pub const MAX: usize = 128;
/// The longest unit of a repetition. A password that repeats a unit is only as strong as the unit.
const UNIT_MAX: usize = 8;

/// Rows of keys and well-known sequences. A part of one is not a password, forwards or backwards.
const RUNS: [&str; 7] = [
    "01234567890123456789012345678901234567890",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "qwertyuiopasdfghjklzxcvbnm1234567890",
    "1234567890qwertyuiopasdfghjklzxcvbnm",
    "poiuytrewqlkjhgfdsamnbvcxz",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
];

/// Long passwords that attackers try first: at least [`MIN`] characters, in lower case.
const COMMON: [&str; 63] = [
    "!qaz2wsx#edc4rfv",
    "1234567890abcdef",
    "123456789abcdefg",
    "123456789qwertyuiop",
    "123456password123456",
    "123qwe123qwe123qwe",
    "1q2w3e4r5t6y7u8i",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv",
    "1qaz2wsx3edc4rfv5tgb",
    "administrator123",
    "administrator1234",
    "adminadminadmin1",
    "adminpassword123",
    "asdfghjkl123456",
    "baseballfootball",
    "changeme12345678",
    "changemechangeme1",
    "correct horse battery staple",
    "correct-horse-battery-staple",
    "correcthorsebatterystaple",
    "defaultpassword",
    "defaultpassword1",
    "enterpassword123",
    "football12345678",
    "iloveyou12345678",
    "iloveyouforever",
    "iloveyousomuch1",
    "letmein123456789",
    "letmeinletmein1",
    "mynameispassword",
    "mypassword12345",
    "mypasswordispassword",
    "newpassword12345",
    "nopasswordneeded",
    "p@ssw0rdp@ssw0rd1",
    "p@ssword12345678",
    "passw0rdpassw0rd1",
    "password1password",
    "password1password1",
    "password12345678",
    "password123456789",
    "password123password",
    "password123password123",
    "password1234567890",
    "passwordpassword1",
    "passwordpassword12",
    "passwordpassword123",
    "princessprincess1",
    "q1w2e3r4t5y6u7i8",
    "q1w2e3r4t5y6u7i8o9p0",
    "qazwsxedcrfvtgb",
    "qazwsxedcrfvtgbyhn",
    "qwerty1234567890",
    "qwerty123456789",
    "qwertyuiop12345",
    "qwertyuiop123456",
    "secretpassword1",
    "sunshine12345678",
    "superman12345678",
    "thisismypassword",
    "welcome123456789",
    "zaq12wsxcde34rfv",
];

/// Checks the new password of a person with this email address and name.
///
/// # Errors
/// [`FieldError::Missing`], [`FieldError::PasswordTooShort`], [`FieldError::TooLong`],
/// [`FieldError::PasswordPersonal`], [`FieldError::PasswordCommon`].
pub fn check(typed: &str, email: &str, name: &str) -> Result<(), FieldError> {
    if typed.is_empty() {
        return Err(FieldError::Missing("a password".to_owned()));
    }
    let actual = typed.chars().count();
    if actual < MIN {
        return Err(FieldError::PasswordTooShort(MIN));
    }
    if actual > MAX {
        return Err(FieldError::TooLong { max: MAX, actual });
    }
    // Without the spaces around it: padding does not make a password longer.
    let folded = text::fold(typed);
    if COMMON.contains(&folded.as_str()) || is_run(&folded) || repeats(&folded) {
        return Err(FieldError::PasswordCommon);
    }
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
    if [email, local, name].into_iter().any(|own| squeeze(own) == squeeze(typed)) {
        return Err(FieldError::PasswordPersonal);
    }
    Ok(())
}

/// Checks that a person entered their current password.
///
/// # Errors
/// [`FieldError::Missing`].
pub fn current(typed: &str) -> Result<(), FieldError> {
    if typed.is_empty() { Err(FieldError::Missing("your password".to_owned())) } else { Ok(()) }
}

/// The form for comparison, without case and spaces.
fn squeeze(text: &str) -> String {
    text::fold(text).split_whitespace().collect()
}

/// Is it a part of a sequence, such as "qwertyuiopasdfgh" or "987654321098765"?
fn is_run(folded: &str) -> bool {
    let backwards: String = folded.chars().rev().collect();
    RUNS.iter().any(|run| run.contains(folded) || run.contains(&backwards))
}

/// Is it a repetition, such as "passwordpassword", "abcabcabcabcabc" or fifteen spaces?
fn repeats(folded: &str) -> bool {
    let chars: Vec<char> = folded.chars().collect();
    (1..=UNIT_MAX).any(|unit| chars.iter().zip(chars.iter().skip(unit)).all(|(one, next)| one == next))
}

#[cfg(test)]
mod tests {
    use super::{COMMON, MIN};

    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_list_holds_only_what_could_be_typed() {
        for password in COMMON {
            assert!(password.len() >= MIN, "{password} is refused for its length already");
            assert_eq!(password, password.to_lowercase());
        }
    }
}
