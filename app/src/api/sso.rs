//! SSO methods.

use super::change;
use crate::{backend::AuthenticationChange, error::AppError, model::Authentication};
use domain::{id::MethodId, sso::MethodForm};

/// Adds a disabled SSO method. The form's fields are beside `team`.
#[leptos::server(endpoint = "sso/add", prefix = "/api")]
pub async fn add(team: String, #[server(flatten)] form: MethodForm) -> Result<Box<Authentication>, AppError> {
    change(&team, AuthenticationChange::AddMethod(form)).await
}

/// Edits an SSO method. An empty client secret keeps the stored one.
#[leptos::server(endpoint = "sso/edit", prefix = "/api")]
pub async fn edit(
    team: String,
    id: String,
    #[server(flatten)] form: MethodForm,
) -> Result<Box<Authentication>, AppError> {
    change(&team, AuthenticationChange::EditMethod(MethodId::new(id), form)).await
}

/// Enables or disables an SSO method. Enabling a second one while SCIM provisioning is on needs `confirmed`.
#[leptos::server(endpoint = "sso/set-enabled", prefix = "/api")]
pub async fn set_enabled(
    team: String,
    id: String,
    enabled: bool,
    #[server(default)] confirmed: bool,
) -> Result<Box<Authentication>, AppError> {
    change(&team, AuthenticationChange::SetEnabled { id: MethodId::new(id), enabled, confirmed }).await
}

/// Disables every SSO method except one.
#[leptos::server(endpoint = "sso/keep-only", prefix = "/api")]
pub async fn keep_only(team: String, #[server(default)] id: String) -> Result<Box<Authentication>, AppError> {
    change(&team, AuthenticationChange::KeepOnly(MethodId::new(id))).await
}

#[leptos::server(endpoint = "sso/delete", prefix = "/api")]
pub async fn delete(team: String, id: String) -> Result<Box<Authentication>, AppError> {
    change(&team, AuthenticationChange::DeleteMethod(MethodId::new(id))).await
}
