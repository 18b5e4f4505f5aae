//! The changes of the Authentication page, and the interface through which a server function makes one.

use crate::{error::AppError, model::Authentication};
use async_trait::async_trait;
use domain::{Error, id::MethodId, key::KeyId, sso::MethodForm};
use std::sync::Arc;

/// The page's data after a change.
pub type Changed = Result<Box<Authentication>, AppError>;

/// A change of the Authentication page: what its forms and the server functions have in common.
pub enum AuthenticationChange {
    /// Turns SCIM provisioning on. Already on: nothing changes.
    TurnOn,
    /// Turns SCIM provisioning off.
    TurnOff {
        /// The team's name, as it was entered.
        confirmation: String,
    },
    /// Adds an SSO method, not enabled.
    AddMethod(MethodForm),
    /// Edits an SSO method. An empty client secret keeps the stored one.
    EditMethod(MethodId, MethodForm),
    /// Enables or disables an SSO method.
    SetEnabled {
        id: MethodId,
        /// Enable it?
        enabled: bool,
        /// Confirms a second enabled method while SCIM provisioning is on.
        confirmed: bool,
    },
    /// Disables every SSO method but this one.
    KeepOnly(MethodId),
    /// Deletes an SSO method.
    DeleteMethod(MethodId),
    RevokeKey {
        id: KeyId,
        /// For the last usable key its name, as it was entered.
        confirmation: String,
    },
    /// Moves the end of a rolled key's overlap.
    SetOverlap {
        id: KeyId,
        /// A [`domain::key::Overlap`] value, counted from now.
        overlap: String,
    },
}

/// The server, for one request.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Makes a change to the team with this slug, by the member who sent the request.
    async fn change(&self, team: &str, change: AuthenticationChange) -> Changed;
}

/// The backend of the current request.
///
/// # Errors
/// [`Error::Internal`] outside a request.
pub fn backend() -> Result<Arc<dyn Backend>, AppError> {
    leptos::context::use_context::<Arc<dyn Backend>>().ok_or(AppError::Domain(Error::Internal))
}
