//! Sign-in through SSO methods: requests to identity providers, and the verification of their responses.
//!
//! The protocols are in the crates `oidc` and `saml`, which do no I/O. Nothing here knows about HTTP statuses or pages: `web::sso`
//! maps a [`SsoRefusal`](identity::SsoRefusal) to its page.

pub mod failure_log;
pub mod identity;
pub mod oidc_sign_in;
pub mod pending_link;
pub mod provider_cache;
pub mod request;
pub mod saml_sign_in;
