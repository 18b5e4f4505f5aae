//! The compact serialization of signed tokens (RFC 7515, section 7.1).

use crate::{
    algorithm::SignatureAlgorithm,
    base64::decode_url,
    error::{Document, DocumentError, OidcError},
    excerpt::excerpt,
    json::{self, Object},
    jwk::JsonWebKey,
};

/// What a token is used for. Tokens of other kinds are signed with the same keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    IdToken,
    LogoutToken,
    UserInfo,
}

impl TokenKind {
    const fn typ(self) -> &'static str {
        match self {
            Self::IdToken | Self::UserInfo => "JWT",
            Self::LogoutToken => "logout+jwt",
        }
    }

    /// Explicit types end with `+jwt` (RFC 8725, section 3.11), such as `at+jwt`. ID tokens have none.
    fn permits(self, typ: &str) -> bool {
        let typ = typ.to_ascii_lowercase();
        let typ = typ.strip_prefix("application/").unwrap_or(&typ);
        !typ.ends_with("+jwt") || (self == Self::LogoutToken && typ == "logout+jwt")
    }
}

/// A token whose signature is not verified yet. Nothing reads its claims before.
pub(crate) struct CompactJws<'a> {
    header: Object,
    signing_input: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

impl<'a> CompactJws<'a> {
    /// Splits a token, and parses its header.
    pub(crate) fn parse(token: &'a str) -> Result<Self, OidcError> {
        if token.len() > json::MAX_BYTES {
            return Err(OidcError::TokenTooLarge { received: token.len(), max: json::MAX_BYTES });
        }
        let parts = token.split('.').count();
        if parts == 5 {
            return Err(OidcError::TokenEncrypted);
        }
        let malformed = || OidcError::TokenSerialization(parts);
        let (signing_input, signature) = token.rsplit_once('.').ok_or_else(malformed)?;
        let (header, payload) = signing_input.split_once('.').filter(|_| parts == 3).ok_or_else(malformed)?;
        let signature = decode_url(signature).ok_or(OidcError::TokenEncoding)?;
        let header = decode_url(header).ok_or(OidcError::TokenEncoding)?;
        let header = json::parse_object(&header).map_err(|error| error.of(Document::JoseHeader))?;
        Ok(Self { header, signing_input, payload, signature })
    }

    /// `alg`.
    pub(crate) fn algorithm(&self) -> Result<SignatureAlgorithm, OidcError> {
        let alg = json::required_text(&self.header, "alg").map_err(|error| error.of(Document::JoseHeader))?;
        SignatureAlgorithm::parse(alg)
    }

    /// `kid`.
    pub(crate) fn kid(&self) -> Result<Option<&str>, OidcError> {
        json::text(&self.header, "kid").map_err(|error| error.of(Document::JoseHeader))
    }

    /// Refuses parameters that change how a token is verified (RFC 7515, section 4.1.11; RFC 7797). We understand none.
    pub(crate) fn check_critical(&self) -> Result<(), OidcError> {
        let names = match self.header.get("crit") {
            Some(serde_json::Value::Array(names)) => {
                names.iter().take(20).map(|name| excerpt(name.as_str().unwrap_or_default())).collect()
            }
            Some(_) => Vec::new(),
            None if self.header.contains_key("b64") => vec!["b64".to_owned()],
            None => return Ok(()),
        };
        Err(OidcError::CriticalHeader(names))
    }

    /// `typ`, if the kind of token permits it.
    pub(crate) fn check_kind(&self, kind: TokenKind) -> Result<Option<&str>, OidcError> {
        match json::text(&self.header, "typ").map_err(|error| error.of(Document::JoseHeader))? {
            Some(typ) if !kind.permits(typ) => {
                Err(OidcError::TokenKind { expected: kind.typ(), received: excerpt(typ) })
            }
            typ => Ok(typ),
        }
    }

    /// The claims, if one of the keys verifies the signature, and that key.
    pub(crate) fn verify<'k>(
        &self,
        algorithm: SignatureAlgorithm,
        keys: &[&'k JsonWebKey],
    ) -> Result<(Object, &'k JsonWebKey), OidcError> {
        let is_valid = |key: &&JsonWebKey| key.verify(algorithm, self.signing_input.as_bytes(), &self.signature);
        let Some(key) = keys.iter().copied().find(is_valid) else {
            let kid = self.kid()?.map(excerpt);
            return Err(OidcError::Signature { alg: algorithm.name(), kid, keys: keys.len() });
        };
        let payload = decode_url(self.payload).ok_or(OidcError::TokenEncoding)?;
        let claims = json::parse_object(&payload).map_err(|error: DocumentError| error.of(Document::Claims))?;
        Ok((claims, key))
    }
}
