//! The token request (Core 1.0, section 3.1.3.1) with client authentication (RFC 6749, section 2.3.1).

use crate::{
    discovery::ProviderMetadata,
    error::OidcError,
    secret::{AuthorizationCode, AuthorizationHeader, ClientSecret, CodeVerifier, RequestBody},
};
use base64ct::{Base64, Encoding as _};
use url::form_urlencoded;

/// How the client authenticates. A request uses one method only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// `client_secret_basic`: in the header `Authorization`.
    Basic,
    /// `client_secret_post`: in the body.
    Post,
}

impl ClientAuthentication {
    /// Both methods.
    pub const ALL: [Self; 2] = [Self::Basic, Self::Post];

    /// The name in the metadata.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "client_secret_basic",
            Self::Post => "client_secret_post",
        }
    }

    /// Parses the name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// The method that the metadata offers. Basic is the default (Discovery 1.0, section 3).
    ///
    /// # Errors
    /// The provider offers neither.
    pub fn choose(metadata: &ProviderMetadata) -> Result<Self, OidcError> {
        let Some(offered) = &metadata.token_endpoint_auth_methods_supported else { return Ok(Self::Basic) };
        let is_offered = |method: &Self| offered.iter().any(|name| name == method.name());
        Self::ALL
            .into_iter()
            .find(is_offered)
            .ok_or_else(|| OidcError::ClientAuthenticationUnsupported(offered.clone()))
    }

    /// The method to try after the token endpoint refused the client with this one.
    pub const fn other(self) -> Self {
        match self {
            Self::Basic => Self::Post,
            Self::Post => Self::Basic,
        }
    }
}

/// What identifies the client at the token endpoint.
#[derive(Clone, Copy, Debug)]
pub struct ClientCredentials<'a> {
    /// The client id.
    pub client_id: &'a str,
    /// The client secret.
    pub client_secret: &'a ClientSecret,
    /// Where both are sent.
    pub authentication: ClientAuthentication,
}

/// A POST to the token endpoint.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// The value of the header `Authorization`.
    pub authorization: Option<AuthorizationHeader>,
    /// The body.
    pub body: RequestBody,
}

impl TokenRequest {
    /// The value of the header `Content-Type`.
    pub const CONTENT_TYPE: &'static str = "application/x-www-form-urlencoded";

    /// Redeems a code. A code is redeemed once, even if the verification of its ID token is repeated.
    pub fn authorization_code(
        client: &ClientCredentials<'_>,
        code: &AuthorizationCode,
        redirect_uri: &str,
        code_verifier: &CodeVerifier,
    ) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code.expose())
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("code_verifier", code_verifier.expose());
        let authorization = match client.authentication {
            ClientAuthentication::Basic => Some(basic(client.client_id, client.client_secret)),
            ClientAuthentication::Post => {
                form.append_pair("client_id", client.client_id)
                    .append_pair("client_secret", client.client_secret.expose());
                None
            }
        };
        Self { authorization, body: RequestBody::new(form.finish()) }
    }
}

/// Both parts are form-encoded before base64 (RFC 6749, section 2.3.1), so a secret may contain `:`, `+` and `%`.
fn basic(client_id: &str, client_secret: &ClientSecret) -> AuthorizationHeader {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let credentials = format!("{}:{}", encode(client_id), encode(client_secret.expose()));
    AuthorizationHeader::new(format!("Basic {}", Base64::encode_string(credentials.as_bytes())))
}
