//! The token response (Core 1.0, section 3.1.3.3) and its errors (RFC 6749, section 5.2).

use crate::{
    error::{Document, DocumentError, OidcError},
    excerpt::excerpt,
    json::{self, Object},
    secret::{AccessToken, RawIdToken},
};

/// The tokens of a sign-in. A refresh token is not kept.
#[derive(Clone, Debug)]
pub struct TokenResponse {
    /// `id_token`, not verified yet.
    pub id_token: RawIdToken,
    /// `access_token`.
    pub access_token: AccessToken,
}

impl TokenResponse {
    /// Parses a response, whatever its content type is.
    ///
    /// # Errors
    /// The provider refused the request, or the response is not a token response.
    pub fn parse(status: u16, body: &[u8]) -> Result<Self, OidcError> {
        let document = json::parse_object(body);
        // Some providers send errors with status 200.
        if let Some(error) = document.as_ref().ok().and_then(refusal) {
            return Err(error);
        }
        if status != 200 {
            return Err(OidcError::TokenStatus(status));
        }
        let of = |error: DocumentError| error.of(Document::TokenResponse);
        let document = document.map_err(of)?;
        let token_type = json::required_text(&document, "token_type").map_err(of)?;
        if !token_type.eq_ignore_ascii_case("Bearer") {
            return Err(OidcError::TokenType(excerpt(token_type)));
        }
        Ok(Self {
            id_token: RawIdToken::new(json::required_text(&document, "id_token").map_err(of)?),
            access_token: AccessToken::new(json::required_text(&document, "access_token").map_err(of)?),
        })
    }
}

fn refusal(document: &Object) -> Option<OidcError> {
    let error = json::member(document, "error")?.as_str()?;
    let description = json::member(document, "error_description").and_then(|value| value.as_str()).map(excerpt);
    Some(match error {
        "invalid_client" => OidcError::InvalidClient { description },
        "invalid_grant" => OidcError::InvalidGrant { description },
        _ => OidcError::TokenRequestRefused { error: excerpt(error), description },
    })
}
