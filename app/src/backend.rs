//! What the screens need of the server. The server implements [`Backend`] for one request; the server functions find it
//! in their context.

use crate::{error::AppError, model::Authentication};
use async_trait::async_trait;
use domain::Error;
use domain::sso::MethodForm;
use std::sync::Arc;

/// What a change comes back with: the page's data as it is afterwards.
pub type Changed = Result<Box<Authentication>, AppError>;

/// The changes of the Authentication page, made by anyone who sent the request. `team` is the slug.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Turns SCIM provisioning on. Already on: nothing changes.
    async fn scim_turn_on(&self, team: &str) -> Changed;
    /// Turns SCIM provisioning off. `confirmation` is the team's name, typed.
    async fn scim_turn_off(&self, team: &str, confirmation: &str) -> Changed;
    /// Adds an SSO method, not enabled.
    async fn sso_add(&self, team: &str, form: MethodForm) -> Changed;
    /// Edits an SSO method.
    async fn sso_edit(&self, team: &str, id: &str, form: MethodForm) -> Changed;
    /// Switches an SSO method on or off. Enabling a second one while SCIM provisioning is on needs `confirmed`.
    async fn sso_set_enabled(&self, team: &str, id: &str, enabled: bool, confirmed: bool) -> Changed;
    /// Switches off every SSO method but one.
    async fn sso_keep_only(&self, team: &str, id: &str) -> Changed;
    /// Deletes an SSO method.
    async fn sso_delete(&self, team: &str, id: &str) -> Changed;
    /// Revokes a key. For the last usable key, `confirmation` is its name, typed.
    async fn key_revoke(&self, team: &str, id: &str, confirmation: &str) -> Changed;
    /// Moves the end of a rolled key's overlap (a [`domain::key::Overlap`] value, counted from now).
    async fn key_set_overlap(&self, team: &str, id: &str, overlap: &str) -> Changed;
}

/// The backend of the request that is being answered.
///
/// # Errors
/// [`Error::Internal`] outside a request.
pub fn backend() -> Result<Arc<dyn Backend>, AppError> {
    leptos::context::use_context::<Arc<dyn Backend>>().ok_or(AppError::Domain(Error::Internal))
}
