//! Passwords: argon2id (RFC 9106) with 19 MiB, two passes and one lane, which is OWASP's minimum.
//!
//! Hashing is slow by design. Requests wait for it in a [queue](super).

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version, password_hash::phc::PasswordHash,
};
use secrecy::{ExposeSecret as _, SecretString};

/// A placeholder hash with the same parameters. Comparing with it takes as long as with a real one.
const PLACEHOLDER: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cm9sbGNhbGwtbm9ib2R5IQ$tdZ7uRLSHxTyn6jqvFMLgBO5Vgzl8CoQzUOM0GrBWlE";

/// A password could not be hashed. The error does not contain it.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

/// Hashes a password for the database, as a PHC string, on a separate thread. The command line uses it, because it needs no
/// queue. Requests hash with [`HashingTurn::hash`](super::HashingTurn::hash).
///
/// # Errors
/// [`HashError`], when the system has no randomness or no memory left.
pub async fn hash(plain: SecretString) -> Result<String, HashError> {
    tokio::task::spawn_blocking(move || hash_now(&plain)).await.unwrap_or(Err(HashError))
}

/// As [`hash`], but blocks this thread for tens of milliseconds.
pub(super) fn hash_now(plain: &SecretString) -> Result<String, HashError> {
    let hash = argon2().hash_password(plain.expose_secret().as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|_| HashError)
}

/// Whether the password matches the stored hash. Without a hash, it does the same work. It blocks this thread.
pub(super) fn matches(plain: &SecretString, stored: Option<&str>) -> bool {
    let hash = stored.and_then(|stored| PasswordHash::new(stored).ok());
    match (hash, PasswordHash::new(PLACEHOLDER)) {
        (Some(hash), _) => argon2().verify_password(plain.expose_secret().as_bytes(), &hash).is_ok(),
        (None, Ok(placeholder)) => {
            let _ = argon2().verify_password(plain.expose_secret().as_bytes(), &placeholder);
            false
        }
        (None, Err(_)) => false,
    }
}

/// 19 MiB, t=2, p=1.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let hash_text = hash(secret("violet harbour 17 lamps")).await.unwrap();
        assert!(hash_text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash_text}");
        assert!(matches(&secret("violet harbour 17 lamps"), Some(&hash_text)));
        assert!(!matches(&secret("violet harbour 17 lamp"), Some(&hash_text)));
    }

    #[test]
    fn missing_and_broken_hashes_match_no_password() {
        assert!(!matches(&secret(""), None));
        assert!(!matches(&secret("violet harbour 17 lamps"), Some("$argon2id$broken")));
    }

    #[test]
    fn the_placeholder_hash_costs_as_much_as_a_real_one() {
        let placeholder = PasswordHash::new(PLACEHOLDER).unwrap();
        let params = Params::try_from(&placeholder).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19 * 1024, 2, 1));
        assert_eq!(placeholder.hash.unwrap().len(), 32);
    }
}
