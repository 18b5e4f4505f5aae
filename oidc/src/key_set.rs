//! The key set of a provider (RFC 7517, section 5).

use crate::{
    algorithm::SignatureAlgorithm,
    error::{Document, DocumentError, OidcError},
    excerpt::excerpt,
    json,
    jwk::JsonWebKey,
    key_defect::KeyDefect,
};

/// Upper bound of the keys in a set.
const MAX_KEYS: usize = 100;
/// Upper bound of the keys that are tried for one signature.
const MAX_TRIED: usize = 20;

/// The keys that can verify signatures, and why the others cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<JsonWebKey>,
    skipped: Vec<SkippedKey>,
}

/// A key that is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedKey {
    /// `kid`, if it is a string.
    pub kid: Option<String>,
    /// Why the key is not used.
    pub defect: KeyDefect,
}

impl KeySet {
    /// Parses the body of a response with status 200. A key that cannot be read is skipped.
    ///
    /// # Errors
    /// The body is not a JSON object with a list of keys, or has more than 100.
    pub fn parse(body: &[u8]) -> Result<Self, OidcError> {
        let document = json::parse_object(body).map_err(|error| error.of(Document::KeySet))?;
        let entries = json::member(&document, "keys").ok_or(DocumentError::MissingMember("keys"));
        let entries = entries
            .and_then(|value| {
                value.as_array().ok_or(DocumentError::InvalidMember { name: "keys", expected: "a list of keys" })
            })
            .map_err(|error| error.of(Document::KeySet))?;
        if entries.len() > MAX_KEYS {
            let error = DocumentError::TooMany { name: "keys", received: entries.len(), max: MAX_KEYS };
            return Err(error.of(Document::KeySet));
        }
        let mut set = Self::default();
        for entry in entries {
            match JsonWebKey::parse(entry) {
                Ok(key) => set.keys.push(key),
                Err(defect) => {
                    let kid = entry.get("kid").and_then(|kid| kid.as_str()).map(str::to_owned);
                    set.skipped.push(SkippedKey { kid, defect });
                }
            }
        }
        Ok(set)
    }

    /// The keys that can verify signatures.
    pub fn keys(&self) -> &[JsonWebKey] {
        &self.keys
    }

    /// The keys that are not used.
    pub fn skipped(&self) -> &[SkippedKey] {
        &self.skipped
    }

    /// The keys that may have made a signature: those with this `kid`, or without one every key that fits.
    pub(crate) fn candidates(
        &self,
        kid: Option<&str>,
        algorithm: SignatureAlgorithm,
    ) -> Result<Vec<&JsonWebKey>, OidcError> {
        let has_kid = |key: &&JsonWebKey| kid.is_none() || key.kid() == kid;
        let candidates: Vec<_> =
            self.keys.iter().filter(has_kid).filter(|key| key.fits(algorithm)).take(MAX_TRIED).collect();
        if candidates.is_empty() { Err(self.no_candidate(kid, algorithm)) } else { Ok(candidates) }
    }

    fn no_candidate(&self, kid: Option<&str>, algorithm: SignatureAlgorithm) -> OidcError {
        let alg = algorithm.name();
        let Some(kid) = kid else { return OidcError::KeyMissing { alg } };
        let skipped = self.skipped.iter().find(|key| key.kid.as_deref() == Some(kid));
        if skipped.is_some() || self.keys.iter().any(|key| key.kid() == Some(kid)) {
            return OidcError::KeyUnsuitable { kid: excerpt(kid), alg, defect: skipped.map(|key| key.defect.clone()) };
        }
        let known = self.keys.iter().filter_map(JsonWebKey::kid).take(MAX_TRIED).map(excerpt).collect();
        OidcError::KeyUnknown { kid: excerpt(kid), known }
    }
}
