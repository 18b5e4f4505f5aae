//! Sign-in through SSO methods, without a network: the responses of a SAML provider are signed by the test, and the callbacks of
//! OpenID Connect end before a request to the provider.

mod acs;
mod callback;
mod finish;
mod first_sign_in;
mod forged;
mod link;
mod provider;
mod refusal;
mod routes;
mod start;
