//! The metadata of a provider (Discovery 1.0, section 3; RFC 8414; RFC 9207, section 3).

use crate::{
    algorithm::SignatureAlgorithm,
    check::{CheckResult, CheckResults},
    endpoint::Endpoint,
    error::{Document, DocumentError, OidcError},
    excerpt::excerpt,
    facts::Facts,
    issuer::Issuer,
    issuer_difference::{IssuerDifference, is_template},
    json::{self, Object},
};

/// What a sign-in needs to know about a provider. Other members of the document are ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderMetadata {
    /// `authorization_endpoint`.
    pub authorization_endpoint: Endpoint,
    /// `token_endpoint`.
    pub token_endpoint: Endpoint,
    /// `jwks_uri`.
    pub jwks_uri: Endpoint,
    /// `userinfo_endpoint`.
    pub userinfo_endpoint: Option<Endpoint>,
    /// `end_session_endpoint` (RP-Initiated Logout 1.0, section 2.1).
    pub end_session_endpoint: Option<Endpoint>,
    /// `token_endpoint_auth_methods_supported`.
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// `authorization_response_iss_parameter_supported` (RFC 9207, section 3).
    pub authorization_response_iss_parameter_supported: bool,
}

/// What is checked in the metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataCheck {
    /// The document is a JSON object.
    Document,
    /// `issuer` is the configured one.
    Issuer,
    /// `authorization_endpoint` is an https URL.
    AuthorizationEndpoint,
    /// `token_endpoint` is an https URL.
    TokenEndpoint,
    /// `jwks_uri` is an https URL.
    JwksUri,
    /// `userinfo_endpoint` is an https URL, if present.
    UserInfoEndpoint,
    /// `end_session_endpoint` is an https URL, if present.
    EndSessionEndpoint,
    /// `response_types_supported` has `code`, if present.
    ResponseTypes,
    /// `token_endpoint_auth_methods_supported` has a method that we support, if present.
    ClientAuthentication,
    /// `id_token_signing_alg_values_supported` has an algorithm that we support, if present.
    SigningAlgorithms,
    /// `code_challenge_methods_supported`. It never fails, because the code challenge is always sent.
    CodeChallenge,
    /// `authorization_response_iss_parameter_supported`. It fails only if it is not a boolean.
    IssParameter,
}

impl MetadataCheck {
    /// The name of the member, or of the step. It never changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Issuer => "issuer",
            Self::AuthorizationEndpoint => "authorization_endpoint",
            Self::TokenEndpoint => "token_endpoint",
            Self::JwksUri => "jwks_uri",
            Self::UserInfoEndpoint => "userinfo_endpoint",
            Self::EndSessionEndpoint => "end_session_endpoint",
            Self::ResponseTypes => "response_types_supported",
            Self::ClientAuthentication => "token_endpoint_auth_methods_supported",
            Self::SigningAlgorithms => "id_token_signing_alg_values_supported",
            Self::CodeChallenge => "code_challenge_methods_supported",
            Self::IssParameter => "authorization_response_iss_parameter_supported",
        }
    }

    /// Whether a sign-in needs this check to pass. Providers keep the other lists carelessly, and the token itself is
    /// checked later.
    pub const fn is_required(self) -> bool {
        !matches!(self, Self::ResponseTypes | Self::SigningAlgorithms)
    }
}

/// Every check of a provider's metadata.
#[derive(Debug)]
pub struct MetadataReport {
    results: CheckResults<MetadataCheck>,
    metadata: Option<ProviderMetadata>,
    found_issuer: Option<String>,
}

impl MetadataReport {
    /// Reads the body of a response with status 200, whatever its content type is.
    pub fn read(body: &[u8], issuer: &Issuer) -> Self {
        let mut results = CheckResults::new();
        let document = json::parse_object(body).map_err(|error| error.of(Document::ProviderMetadata));
        let Some(document) = results.add(MetadataCheck::Document, document.map(|object| (object, Facts::default())))
        else {
            return Self { results, metadata: None, found_issuer: None };
        };
        let found_issuer = json::member(&document, "issuer")
            .and_then(|value| value.as_str())
            .filter(|found| *found != issuer.as_str() && Issuer::parse(found).is_ok())
            .map(str::to_owned);
        let metadata = check(&mut results, &document, issuer);
        Self { results, metadata, found_issuer }
    }

    /// The results, in order.
    pub fn results(&self) -> &[CheckResult<MetadataCheck>] {
        &self.results.0
    }

    /// The issuer of the document, if it differs from the configured one and can be used instead.
    pub fn found_issuer(&self) -> Option<&str> {
        self.found_issuer.as_deref()
    }

    /// The metadata.
    ///
    /// # Errors
    /// The first required check that failed.
    pub fn into_metadata(mut self) -> Result<ProviderMetadata, OidcError> {
        match (self.results.first_error(|check| check.is_required()), self.metadata) {
            (Some(error), _) => Err(error),
            (None, Some(metadata)) => Ok(metadata),
            (None, None) => Err(DocumentError::NotObject.of(Document::ProviderMetadata)),
        }
    }
}

fn check(results: &mut CheckResults<MetadataCheck>, document: &Object, issuer: &Issuer) -> Option<ProviderMetadata> {
    results.add(MetadataCheck::Issuer, check_issuer(document, issuer));
    let mut endpoint = |check, name| results.add(check, required_endpoint(document, name, issuer));
    let authorization_endpoint = endpoint(MetadataCheck::AuthorizationEndpoint, "authorization_endpoint");
    let token_endpoint = endpoint(MetadataCheck::TokenEndpoint, "token_endpoint");
    let jwks_uri = endpoint(MetadataCheck::JwksUri, "jwks_uri");
    let mut endpoint = |check, name| results.add(check, optional_endpoint(document, name, issuer)).flatten();
    let userinfo_endpoint = endpoint(MetadataCheck::UserInfoEndpoint, "userinfo_endpoint");
    let end_session_endpoint = endpoint(MetadataCheck::EndSessionEndpoint, "end_session_endpoint");
    let supported = |name, is_supported: fn(&str) -> bool, error: fn(Vec<String>) -> OidcError| {
        let values = texts(document, name)?;
        match values {
            Some(values) if !values.iter().any(|value| is_supported(value)) => Err(error(values)),
            values => Ok((values.clone(), list(values))),
        }
    };
    results.add(
        MetadataCheck::ResponseTypes,
        supported("response_types_supported", |value| value == "code", OidcError::ResponseTypeUnsupported),
    );
    let token_endpoint_auth_methods_supported = results.add(
        MetadataCheck::ClientAuthentication,
        supported(
            "token_endpoint_auth_methods_supported",
            |method| ["client_secret_basic", "client_secret_post"].contains(&method),
            OidcError::ClientAuthenticationUnsupported,
        ),
    );
    results.add(
        MetadataCheck::SigningAlgorithms,
        supported(
            "id_token_signing_alg_values_supported",
            |name| SignatureAlgorithm::parse(name).is_ok(),
            OidcError::SigningAlgorithmsUnsupported,
        ),
    );
    results.add(
        MetadataCheck::CodeChallenge,
        Ok(((), list(texts(document, "code_challenge_methods_supported").ok().flatten()))),
    );
    let iss = json::flag(document, "authorization_response_iss_parameter_supported");
    let iss = results.add(
        MetadataCheck::IssParameter,
        iss.map(|supported| (supported, Facts::received(if supported { "true" } else { "false" })))
            .map_err(|error| error.of(Document::ProviderMetadata)),
    );
    Some(ProviderMetadata {
        authorization_endpoint: authorization_endpoint?,
        token_endpoint: token_endpoint?,
        jwks_uri: jwks_uri?,
        userinfo_endpoint,
        end_session_endpoint,
        token_endpoint_auth_methods_supported: token_endpoint_auth_methods_supported?,
        authorization_response_iss_parameter_supported: iss?,
    })
}

fn check_issuer(document: &Object, issuer: &Issuer) -> Result<((), Facts), OidcError> {
    let received = json::required_text(document, "issuer").map_err(|error| error.of(Document::ProviderMetadata))?;
    let expected = issuer.as_str();
    if received == expected {
        return Ok(((), Facts::new(expected, received)));
    }
    if is_template(received) {
        return Err(OidcError::IssuerPlaceholder(excerpt(received)));
    }
    let difference = IssuerDifference::between(expected, received);
    Err(OidcError::MetadataIssuer { expected: expected.to_owned(), received: excerpt(received), difference })
}

fn required_endpoint(document: &Object, name: &'static str, issuer: &Issuer) -> Result<(Endpoint, Facts), OidcError> {
    let (endpoint, facts) = optional_endpoint(document, name, issuer)?;
    Ok((endpoint.ok_or(OidcError::EndpointMissing { name })?, facts))
}

fn optional_endpoint(
    document: &Object,
    name: &'static str,
    issuer: &Issuer,
) -> Result<(Option<Endpoint>, Facts), OidcError> {
    let text = json::text(document, name).map_err(|error| error.of(Document::ProviderMetadata))?;
    let Some(text) = text else { return Ok((None, Facts::default())) };
    let endpoint = Endpoint::parse(name, text, issuer.is_local())?;
    let facts = Facts::received(endpoint.as_str());
    Ok((Some(endpoint), facts))
}

fn texts(document: &Object, name: &'static str) -> Result<Option<Vec<String>>, OidcError> {
    let texts = json::texts(document, name).map_err(|error| error.of(Document::ProviderMetadata))?;
    Ok(texts.map(|texts| texts.iter().take(50).map(|text| excerpt(text)).collect()))
}

fn list(texts: Option<Vec<String>>) -> Facts {
    texts.map_or_else(Facts::default, Facts::received)
}
