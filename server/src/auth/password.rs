//! Passwords: argon2id (RFC 9106) with 19 MiB, two passes and one lane, which is what OWASP asks for at least.
//!
//! Hashing is slow on purpose, so at most as many passwords are hashed at once as there are cores: a flood of sign-ins
//! waits in line instead of starving everything else.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version, password_hash::phc::PasswordHash,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// The hash of nobody's password, made with the same parameters: comparing with it takes as long as with a real one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cm9sbGNhbGwtbm9ib2R5IQ$tdZ7uRLSHxTyn6jqvFMLgBO5Vgzl8CoQzUOM0GrBWlE";

static PERMITS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Arc::new(Semaphore::new(cores))
});

/// A password could not be hashed; what it was is not part of this.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

/// Hashes a password for the database, as a PHC string.
///
/// # Errors
/// [`HashError`], when the system has no randomness or no memory left.
pub async fn hash(plain: SecretString) -> Result<String, HashError> {
    in_line(move || {
        let hash = argon2().hash_password(plain.expose_secret().as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|_| HashError)
    })
    .await
    .unwrap_or(Err(HashError))
}

/// Does the password belong to the stored hash? Without one, the same work is done in vain.
pub async fn verify(plain: SecretString, stored: Option<String>) -> bool {
    in_line(move || {
        let known = stored.as_deref().and_then(|stored| PasswordHash::new(stored).ok());
        match (known, PasswordHash::new(NOBODY)) {
            (Some(hash), _) => argon2().verify_password(plain.expose_secret().as_bytes(), &hash).is_ok(),
            (None, Ok(nobody)) => {
                let _ = argon2().verify_password(plain.expose_secret().as_bytes(), &nobody);
                false
            }
            (None, Err(_)) => false,
        }
    })
    .await
    .unwrap_or(false)
}

/// 19 MiB, t=2, p=1.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// Runs slow work on a thread of its own, as soon as a core is free for it. The permit goes along, so that a caller who
/// gives up does not let another one in early. `None` when the work panicked.
async fn in_line<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let permit = Arc::clone(&PERMITS).acquire_owned().await.ok()?;
    tokio::task::spawn_blocking(move || {
        let done = work();
        drop(permit);
        done
    })
    .await
    .ok()
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
        assert!(verify(secret("violet harbour 17 lamps"), Some(stored.clone())).await);
        assert!(!verify(secret("violet harbour 17 lamp"), Some(stored)).await);
    }

    #[tokio::test]
    async fn nobody_and_broken_hashes_match_nothing() {
        assert!(!verify(secret(""), None).await);
        assert!(!verify(secret("violet harbour 17 lamps"), Some("$argon2id$broken".into())).await);
    }

    #[test]
    fn nobodys_hash_costs_what_a_real_one_costs() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let params = Params::try_from(&nobody).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (19 * 1024, 2, 1));
        assert_eq!(nobody.hash.unwrap().len(), 32);
    }
}
