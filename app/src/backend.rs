//! The server's side of the server functions. The server implements [`Backend`] for one request, and the server
//! functions find it in their context.

use crate::{error::AppError, model::Authentication};
use async_trait::async_trait;
use domain::Error;
use domain::sso::MethodForm;
use std::sync::Arc;

/// The result of a change: the page's data after it.
pub type Changed = Result<Box<Authentication>, AppError>;

/// The changes of the Authentication page, with the member who sent the request as the actor. `team` is the slug.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Turns SCIM provisioning on. If it is on already, nothing changes.
    async fn scim_turn_on(&self, team: &str) -> Changed;
    /// Turns SCIM provisioning off. `confirmation` must be the team's name.
    async fn scim_turn_off(&self, team: &str, confirmation: &str) -> Changed;
    /// Adds a disabled SSO method.
    async fn sso_add(&self, team: &str, form: MethodForm) -> Changed;
    async fn sso_edit(&self, team: &str, id: &str, form: MethodForm) -> Changed;
    /// Enables or disables an SSO method. Enabling a second one while SCIM provisioning is on needs `confirmed`.
    async fn sso_set_enabled(&self, team: &str, id: &str, enabled: bool, confirmed: bool) -> Changed;
    /// Disables every SSO method except one.
    async fn sso_keep_only(&self, team: &str, id: &str) -> Changed;
    async fn sso_delete(&self, team: &str, id: &str) -> Changed;
    /// Revokes a key. `confirmation` must be the key's name if it is the last usable one.
    async fn key_revoke(&self, team: &str, id: &str, confirmation: &str) -> Changed;
    /// Changes the end of a rolled key's overlap (a [`domain::key::Overlap`] value, from now).
    async fn key_set_overlap(&self, team: &str, id: &str, overlap: &str) -> Changed;
}

/// The backend of the current request.
///
/// # Errors
/// [`Error::Internal`] outside a request.
pub fn backend() -> Result<Arc<dyn Backend>, AppError> {
    leptos::context::use_context::<Arc<dyn Backend>>().ok_or(AppError::Domain(Error::Internal))
}
