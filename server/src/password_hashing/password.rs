//! Passwords: argon2id (RFC 9106) with 19 MiB, two passes and one lane, which is what OWASP asks for at least.
//!
//! Hashing is slow on purpose. Requests wait for it in a [queue](super).

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version, password_hash::phc::PasswordHash,
};
use secrecy::{ExposeSecret as _, SecretString};

/// The hash of no one's password, made with the same parameters: comparing with it takes as long as with a real one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cm9sbGNhbGwtbm9ib2R5IQ$tdZ7uRLSHxTyn6jqvFMLgBO5Vgzl8CoQzUOM0GrBWlE";

/// A password could not be hashed; what it was is not part of this.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

/// Hashes a password for the database, as a PHC string, on a thread of its own: for the command line, where no one waits in
/// line. Requests hash with [`HashingTurn::hash`](super::HashingTurn::hash).
///
/// # Errors
/// [`HashError`], when the system has no randomness or no memory left.
pub async fn hash(plain: SecretString) -> Result<String, HashError> {
    tokio::task::spawn_blocking(move || hash_now(&plain)).await.unwrap_or(Err(HashError))
}

/// The same on this thread, which it holds up for tens of milliseconds.
pub(super) fn hash_now(plain: &SecretString) -> Result<String, HashError> {
    let hash = argon2().hash_password(plain.expose_secret().as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|_| HashError)
}

/// Does the password belong to the stored hash? Without one, the same work is done in vain. Holds up the thread likewise.
pub(super) fn matches(plain: &SecretString, stored: Option<&str>) -> bool {
    let known = stored.and_then(|stored| PasswordHash::new(stored).ok());
    match (known, PasswordHash::new(NOBODY)) {
        (Some(hash), _) => argon2().verify_password(plain.expose_secret().as_bytes(), &hash).is_ok(),
        (None, Ok(nobody)) => {
            let _ = argon2().verify_password(plain.expose_secret().as_bytes(), &nobody);
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
        let stored = hash(secret("violet harbour 17 lamps")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(matches(&secret("violet harbour 17 lamps"), Some(&stored)));
        assert!(!matches(&secret("violet harbour 17 lamp"), Some(&stored)));
    }

    #[test]
    fn nobody_and_broken_hashes_match_nothing() {
        assert!(!matches(&secret(""), None));
        assert!(!matches(&secret("violet harbour 17 lamps"), Some("$argon2id$broken")));
    }

    #[test]
    fn nobodys_hash_costs_what_a_real_one_costs() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let params = Params::try_from(&nobody).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19 * 1024, 2, 1));
        assert_eq!(nobody.hash.unwrap().len(), 32);
    }
}
