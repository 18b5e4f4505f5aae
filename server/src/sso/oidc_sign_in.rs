//! A sign-in with OpenID Connect: the authorization request, and what the response says about the person.

use super::{
    identity::{SsoIdentity, SsoRefusal},
    provider_cache::{Provider, ProviderCache, ProviderError},
    request::{SsoPurpose, SsoRequest},
};
use crate::{
    outbound::{FetchError, Outbound},
    secrets::{Secrets, client_secret_context},
};
use domain::{
    UnixMs,
    sso::{Settings, SsoFailure},
};
use oidc::{
    AccessToken, AuthorizationRequest, Callback, CallbackExpectation, Claims, ClientAuthentication, ClientCredentials,
    ClientSecret, CodeVerifier, EndSessionRequest, FactValue, Facts, IdToken, IdTokenExpectation, IdTokenReport,
    LogoutExpectation, LogoutToken, NonceParameter, OidcError, ProviderMetadata, RawIdToken, StateParameter,
    TokenRequest, TokenResponse, UserInfo, UserInfoExpectation,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;
use store::{SsoMethodRow, Store};

/// What a sign-in needs of the server.
#[derive(Clone, Copy, Debug)]
pub struct OidcContext<'a> {
    /// The client for requests to the provider.
    pub outbound: &'a Outbound,
    /// The remembered providers.
    pub providers: &'a ProviderCache,
    /// The database.
    pub store: &'a Store,
    /// The server secret.
    pub secrets: &'a Secrets,
    /// The public URL, without a trailing slash.
    pub public_url: &'a str,
    /// The current time.
    pub now: UnixMs,
}

/// What a start may ask of the provider.
#[derive(Clone, Debug, Default)]
pub struct AuthorizationOptions {
    /// The email that the person entered.
    pub login_hint: Option<String>,
    /// Whether the person wants another account.
    pub select_account: bool,
}

/// A sign-in with one method.
pub struct OidcSignIn<'a> {
    context: OidcContext<'a>,
    method: &'a SsoMethodRow,
    provider: Arc<Provider>,
    client_id: &'a str,
}

/// The tokens of a response, verified.
struct Tokens {
    id_token: IdToken,
    access_token: AccessToken,
}

/// The `state` in the query of a callback, by which the sign-in is found.
pub fn state_of(query: &str) -> Option<String> {
    Callback::parse(query).ok()?.state().map(|state| state.expose().to_owned())
}

impl<'a> OidcSignIn<'a> {
    /// # Errors
    /// [`SsoFailure::NotEnabled`]: the method has no settings of OpenID Connect, or an issuer that cannot be used.
    pub fn new(context: OidcContext<'a>, method: &'a SsoMethodRow) -> Result<Self, SsoRefusal> {
        let Some(Settings::Oidc { issuer, client_id }) = &method.method.settings else {
            return Err(SsoFailure::NotEnabled.into());
        };
        let provider = context
            .providers
            .provider(&method.method.id, issuer)
            .map_err(|error| refusal(SsoFailure::NotEnabled, &error))?;
        Ok(Self { context, method, provider, client_id })
    }

    /// The address of the callback, which the provider has to know.
    pub fn redirect_uri(public_url: &str, method: &str) -> String {
        [public_url, "/sso/", method, "/oidc/callback"].concat()
    }

    fn own_redirect_uri(&self) -> String {
        Self::redirect_uri(self.context.public_url, self.method.method.id.as_str())
    }

    /// The address at the provider where the person signs in.
    ///
    /// # Errors
    /// The provider's metadata cannot be had.
    pub async fn authorization_url(
        &self,
        request: &SsoRequest,
        options: &AuthorizationOptions,
    ) -> Result<String, SsoRefusal> {
        let metadata = self.metadata().await?;
        let redirect_uri = self.own_redirect_uri();
        let secrets = oidc::SignInSecrets {
            state: StateParameter::new(&request.id),
            nonce: NonceParameter::new(&request.nonce),
            code_verifier: CodeVerifier::new(&request.code_verifier),
        };
        let authorization = AuthorizationRequest {
            authorization_endpoint: &metadata.authorization_endpoint,
            client_id: self.client_id,
            redirect_uri: &redirect_uri,
            secrets: &secrets,
            login_hint: options.login_hint.as_deref(),
            hosted_domain: None,
            reauthenticate: request.purpose == SsoPurpose::StepUp,
            select_account: options.select_account,
        };
        Ok(authorization.url())
    }

    /// Redeems the code of a callback, and verifies who the person is.
    ///
    /// # Errors
    /// The reason to refuse.
    pub async fn identity(&self, request: &SsoRequest, query: &str) -> Result<(SsoIdentity, RawIdToken), SsoRefusal> {
        let state = StateParameter::new(&request.id);
        let code = |iss_parameter_supported| {
            let expectation =
                CallbackExpectation { state: Some(&state), issuer: self.provider.issuer(), iss_parameter_supported };
            Callback::parse(query)
                .and_then(|callback| callback.authorization_code(&expectation))
                .map_err(|error| of(&error))
        };
        // An error, or a response of another provider, is refused without a request to the provider.
        code(false)?;
        let metadata = self.metadata().await?;
        let code = code(metadata.authorization_response_iss_parameter_supported)?;
        let response = self.redeem(&metadata, &code, request).await?;
        let raw = response.id_token.clone();
        let tokens = self.verify(&metadata, request, response).await?;
        let mut claims = flat(tokens.id_token.claims());
        if self.needs_user_info(&claims)
            && let Some(endpoint) = &metadata.userinfo_endpoint
        {
            let more = self.user_info(&metadata, endpoint.as_str(), &tokens).await?;
            claims.extend(more.into_iter().filter(|(name, _)| tokens.id_token.claims().get(name).is_none()));
        }
        let subject = match &self.method.subject_attribute {
            None => tokens.id_token.subject().to_owned(),
            Some(name) => match claims.iter().find(|(claim, _)| claim == name).map(|(_, values)| values.as_slice()) {
                Some([value]) => value.clone(),
                _ => {
                    let names: Vec<&str> = claims.iter().map(|(name, _)| name.as_str()).collect();
                    let refusal = SsoRefusal::from(SsoFailure::BadResponse);
                    return Err(refusal.with_fact(name, Some("one value".to_owned()), Some(names.join(", "))));
                }
            },
        };
        let authenticated_at = tokens.id_token.claims().get("auth_time").and_then(serde_json::Value::as_i64);
        let identity = SsoIdentity {
            subject,
            claims,
            authenticated_at: authenticated_at.and_then(|seconds| seconds.checked_mul(1000)),
            session_ends_at: None,
            provider_session: tokens.id_token.session_id().map(str::to_owned).filter(|id| !id.contains('\0')),
        };
        Ok((identity, raw))
    }

    /// The address at the provider where the person signs out. `None`: it offers none, or cannot be asked now.
    pub async fn end_session_url(&self, id_token: Option<&RawIdToken>, back: &str) -> Option<String> {
        let metadata = self.metadata().await.ok()?;
        let request = EndSessionRequest {
            end_session_endpoint: metadata.end_session_endpoint.as_ref()?,
            client_id: self.client_id,
            id_token_hint: id_token,
            post_logout_redirect_uri: Some(back),
            state: None,
        };
        Some(request.url())
    }

    /// Verifies a logout token (Back-Channel Logout, section 2.6).
    ///
    /// # Errors
    /// The reason to refuse.
    pub async fn logout(&self, form: &[u8]) -> Result<LogoutToken, SsoRefusal> {
        let token = oidc::logout_token_parameter(form).map_err(|error| of(&error))?;
        let metadata = self.metadata().await?;
        let expectation =
            LogoutExpectation { issuer: self.provider.issuer(), client_id: self.client_id, now: self.context.now };
        let keys = self.keys(&metadata, None).await?.ok_or(SsoFailure::Unreachable)?;
        let result = match LogoutToken::verify(&token, &keys, &expectation) {
            Err(error) if error.needs_fresh_keys() => match self.keys(&metadata, Some(&keys)).await? {
                Some(fresh) => LogoutToken::verify(&token, &fresh, &expectation),
                None => Err(error),
            },
            result => result,
        };
        result.map_err(|error| of(&error))
    }

    async fn metadata(&self) -> Result<Arc<ProviderMetadata>, SsoRefusal> {
        self.provider.metadata(self.context.outbound, self.context.now).await.map_err(|error| unavailable(&error))
    }

    /// Redeems the code. If the provider refuses the client, the other client authentication is tried once, because providers state theirs
    /// wrongly. The one that works is remembered.
    async fn redeem(
        &self,
        metadata: &ProviderMetadata,
        code: &oidc::AuthorizationCode,
        request: &SsoRequest,
    ) -> Result<TokenResponse, SsoRefusal> {
        let secret = self.client_secret()?;
        let client_secret = ClientSecret::new(secret.expose_secret());
        let remembered = self.method.token_auth.as_deref().and_then(ClientAuthentication::parse);
        let first = match remembered {
            Some(remembered) => remembered,
            None => ClientAuthentication::choose(metadata).map_err(|error| of(&error))?,
        };
        match self.redeem_with(first, &client_secret, metadata, code, request).await {
            Err(Redeeming::Protocol(error)) if remembered.is_none() && error.suggests_other_client_authentication() => {
                let other = first.other();
                let response = self.redeem_with(other, &client_secret, metadata, code, request).await?;
                let at = (&self.method.team.id, &self.method.method.id);
                if let Err(error) = self.context.store.sso_token_auth_set(at, other.name()).await {
                    tracing::warn!(%error, "could not remember the client authentication");
                }
                Ok(response)
            }
            result => Ok(result?),
        }
    }

    async fn redeem_with(
        &self,
        authentication: ClientAuthentication,
        client_secret: &ClientSecret,
        metadata: &ProviderMetadata,
        code: &oidc::AuthorizationCode,
        request: &SsoRequest,
    ) -> Result<TokenResponse, Redeeming> {
        let credentials = ClientCredentials { client_id: self.client_id, client_secret, authentication };
        let verifier = CodeVerifier::new(&request.code_verifier);
        let redirect_uri = self.own_redirect_uri();
        let token = TokenRequest::authorization_code(&credentials, code, &redirect_uri, &verifier);
        let url = metadata.token_endpoint.as_str();
        let authorization = token.authorization.as_ref().map(|header| header.expose());
        let sent = self.context.outbound.post_form(url, token.body.expose().to_owned(), authorization).await;
        let response = sent.map_err(|error| Redeeming::Fetch(url.to_owned(), error))?;
        TokenResponse::parse(response.status, &response.body).map_err(Redeeming::Protocol)
    }

    /// Verifies the ID token, and once more with fresh keys if the provider may have replaced them.
    async fn verify(
        &self,
        metadata: &ProviderMetadata,
        request: &SsoRequest,
        response: TokenResponse,
    ) -> Result<Tokens, SsoRefusal> {
        let TokenResponse { id_token, access_token } = response;
        let mut keys = self.keys(metadata, None).await?.ok_or(SsoFailure::Unreachable)?;
        let first = self.read(&id_token, &access_token, &keys, request);
        let result = match first {
            Err(error) if error.needs_fresh_keys() => match self.keys(metadata, Some(&keys)).await? {
                Some(fresh) => {
                    keys = fresh;
                    self.read(&id_token, &access_token, &keys, request)
                }
                None => Err(error),
            },
            result => result,
        };
        let id_token = result.map_err(|error| of(&error))?;
        Ok(Tokens { id_token, access_token })
    }

    fn read(
        &self,
        id_token: &RawIdToken,
        access_token: &AccessToken,
        keys: &oidc::KeySet,
        request: &SsoRequest,
    ) -> Result<IdToken, OidcError> {
        let nonce = NonceParameter::new(&request.nonce);
        let expectation = IdTokenExpectation {
            issuer: self.provider.issuer(),
            client_id: self.client_id,
            nonce: &nonce,
            access_token,
            hosted_domains: &[],
            reauthentication_requested_at: (request.purpose == SsoPurpose::StepUp).then_some(request.at),
            now: self.context.now,
        };
        IdTokenReport::read(id_token, keys, &expectation).into_id_token()
    }

    async fn keys(
        &self,
        metadata: &ProviderMetadata,
        tried: Option<&Arc<oidc::KeySet>>,
    ) -> Result<Option<Arc<oidc::KeySet>>, SsoRefusal> {
        let OidcContext { outbound, now, .. } = self.context;
        let keys = self.provider.keys(outbound, metadata.jwks_uri.as_str(), tried, now).await;
        keys.map_err(|error| unavailable(&error))
    }

    /// Whether a chosen claim is not in the ID token.
    fn needs_user_info(&self, claims: &[(String, Vec<String>)]) -> bool {
        let has = |name: &str| claims.iter().any(|(claim, _)| claim == name);
        let link = self.method.link_rule.claim_name(self.method.method.protocol);
        !has(link) || self.method.subject_attribute.as_deref().is_some_and(|name| !has(name))
    }

    async fn user_info(
        &self,
        metadata: &ProviderMetadata,
        url: &str,
        tokens: &Tokens,
    ) -> Result<Vec<(String, Vec<String>)>, SsoRefusal> {
        let authorization = format!("Bearer {}", tokens.access_token.expose());
        let response = self
            .context
            .outbound
            .get(url, "application/json, application/jwt", Some(&authorization))
            .await
            .map_err(|error| unavailable(&ProviderError::Fetch { url: url.to_owned(), error }))?;
        if response.status != 200 {
            let error = ProviderError::Fetch { url: url.to_owned(), error: FetchError::Status(response.status) };
            return Err(unavailable(&error));
        }
        let keys = self.keys(metadata, None).await?.ok_or(SsoFailure::Unreachable)?;
        let expectation = UserInfoExpectation {
            issuer: self.provider.issuer(),
            client_id: self.client_id,
            id_token: &tokens.id_token,
            now: self.context.now,
        };
        let user_info = UserInfo::parse(Some(&response.content_type), &response.body, &keys, &expectation);
        Ok(flat(user_info.map_err(|error| of(&error))?.claims()))
    }

    fn client_secret(&self) -> Result<SecretString, SsoRefusal> {
        let sealed = self.method.client_secret.as_deref().ok_or(SsoFailure::NotEnabled)?;
        self.context.secrets.open(&client_secret_context(&self.method.method.id), sealed).map_err(|error| {
            tracing::error!(%error, method = self.method.method.id.as_str(), "couldn't open a client secret");
            SsoFailure::NotEnabled.into()
        })
    }
}

/// Why a code was not redeemed.
enum Redeeming {
    Fetch(String, FetchError),
    Protocol(OidcError),
}

impl From<Redeeming> for SsoRefusal {
    fn from(error: Redeeming) -> Self {
        match error {
            Redeeming::Fetch(url, error) => unavailable(&ProviderError::Fetch { url, error }),
            Redeeming::Protocol(error) => of(&error),
        }
    }
}

/// The claims as texts. Objects are left out.
fn flat(claims: &Claims) -> Vec<(String, Vec<String>)> {
    use serde_json::Value;
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let texts = |value: &Value| match value {
        Value::Array(values) => values.iter().filter_map(text).collect(),
        value => text(value).into_iter().collect::<Vec<_>>(),
    };
    let claims = claims.as_map().iter().map(|(name, value)| (name.clone(), texts(value)));
    claims.filter(|(_, values)| !values.is_empty()).collect()
}

fn unavailable(error: &ProviderError) -> SsoRefusal {
    match error {
        ProviderError::Fetch { url, error } => {
            tracing::warn!(url, %error, "an identity provider did not respond");
            SsoRefusal::from(SsoFailure::Unreachable).with_fact("address", Some(url.clone()), Some(error.to_string()))
        }
        ProviderError::Protocol(error) => of(error),
    }
}

/// The refusal of a response that breaks a rule.
fn of(error: &OidcError) -> SsoRefusal {
    use OidcError as E;
    let failure = match error {
        E::AuthorizationRefused { .. } => SsoFailure::Refused,
        E::StateMissing | E::StateUnknown => SsoFailure::OtherBrowser,
        E::InvalidGrant { .. } => SsoFailure::Used,
        E::InvalidClient { .. } | E::ClientAuthenticationUnsupported(_) => SsoFailure::BadClient,
        E::TokenStatus(_) => SsoFailure::Unreachable,
        E::KeyUnknown { .. }
        | E::KeyMissing { .. }
        | E::KeyUnsuitable { .. }
        | E::Signature { .. }
        | E::TokenUnsigned(_)
        | E::AlgorithmSymmetric(_)
        | E::AlgorithmUnsupported(_) => SsoFailure::BadSignature,
        E::Issuer { .. }
        | E::MetadataIssuer { .. }
        | E::CallbackIssuer { .. }
        | E::CallbackIssuerMissing { .. }
        | E::Audience { .. }
        | E::AuthorizedParty { .. }
        | E::AuthorizedPartyMissing { .. }
        | E::TokenKind { .. }
        | E::HostedDomain { .. }
        | E::HostedDomainMissing { .. } => SsoFailure::NotForUs,
        E::Expired { .. }
        | E::IssuedInFuture { .. }
        | E::IssuedTooLongAgo { .. }
        | E::NotYetValid { .. }
        | E::AuthTimeInFuture { .. } => SsoFailure::Clock,
        _ => SsoFailure::BadResponse,
    };
    refusal(failure, error)
}

fn refusal(failure: SsoFailure, error: &OidcError) -> SsoRefusal {
    // Without the error's text, which may contain values of the callback's query. The activity log has them.
    tracing::debug!(code = error.code(), "a response of an identity provider was refused");
    let Facts { expected, received } = error.facts();
    let mut refusal = SsoRefusal::from(failure).with_fact(
        error.code(),
        expected.map(|value| text(&value)).or_else(|| remedy(error)),
        received.map(|value| text(&value)),
    );
    refusal.clock_difference = error.clock_difference().map(|ms| ms / 1000);
    refusal.detail = match error {
        OidcError::AuthorizationRefused { error, .. } => Some(error.clone()),
        _ => None,
    };
    refusal
}

/// What an admin has to change in the provider.
fn remedy(error: &OidcError) -> Option<String> {
    let text = match error {
        OidcError::AlgorithmSymmetric(_) => "a signature with a key: choose a signing key in the provider",
        OidcError::TokenEncrypted => "no encryption: turn off ID token encryption in the provider",
        _ => return None,
    };
    Some(text.to_owned())
}

fn text(value: &FactValue) -> String {
    match value {
        FactValue::Text(text) => text.clone(),
        FactValue::List(texts) => texts.join(", "),
        FactValue::Time(at) => domain::format::date::iso(*at),
        FactValue::Number(number) => number.to_string(),
    }
}
