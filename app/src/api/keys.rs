//! SCIM API keys without their secrets. The responses to generating and rolling contain a secret. So those are plain
//! handlers of the server (`POST /teams/{slug}/settings/authentication/keys/...`), outside of everything that
//! serializes.

use super::change;
use crate::{backend::AuthenticationChange, error::AppError, model::Authentication};
use domain::key::KeyId;

/// Revokes a key. `confirmation` must be the key's name if it is the last usable one.
#[leptos::server(endpoint = "keys/revoke", prefix = "/api")]
pub async fn revoke(
    team: String,
    id: String,
    #[server(default)] confirmation: String,
) -> Result<Box<Authentication>, AppError> {
    change(&team, AuthenticationChange::RevokeKey { id: KeyId::new(id), confirmation }).await
}

/// Changes the end of a rolled key's overlap to "now", "1h", "24h", "3d" or "7d" from now.
#[leptos::server(endpoint = "keys/set-overlap", prefix = "/api")]
pub async fn set_overlap(
    team: String,
    id: String,
    #[server(default)] overlap: String,
) -> Result<Box<Authentication>, AppError> {
    change(&team, AuthenticationChange::SetOverlap { id: KeyId::new(id), overlap }).await
}
