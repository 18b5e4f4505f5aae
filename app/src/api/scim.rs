//! The SCIM provisioning switch.

use super::change;
use crate::{backend::AuthenticationChange, error::AppError, model::Authentication};

/// Turns SCIM provisioning on. If it is on already, nothing changes.
#[leptos::server(endpoint = "scim/turn-on", prefix = "/api")]
pub async fn turn_on(team: String) -> Result<Box<Authentication>, AppError> {
    change(&team, AuthenticationChange::TurnOn).await
}

/// Turns SCIM provisioning off. `confirmation` must be the team's name.
#[leptos::server(endpoint = "scim/turn-off", prefix = "/api")]
pub async fn turn_off(team: String, #[server(default)] confirmation: String) -> Result<Box<Authentication>, AppError> {
    change(&team, AuthenticationChange::TurnOff { confirmation }).await
}
