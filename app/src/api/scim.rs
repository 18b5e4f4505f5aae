//! The SCIM provisioning switch.

use super::with_status;
use crate::backend::backend;
use crate::{error::AppError, model::Authentication};

/// Turns SCIM provisioning on. If it is on already, nothing changes.
#[leptos::server(endpoint = "scim/turn-on", prefix = "/api")]
pub async fn turn_on(team: String) -> Result<Box<Authentication>, AppError> {
    with_status(backend()?.scim_turn_on(&team).await)
}

/// Turns SCIM provisioning off. `confirmation` must be the team's name.
#[leptos::server(endpoint = "scim/turn-off", prefix = "/api")]
pub async fn turn_off(team: String, #[server(default)] confirmation: String) -> Result<Box<Authentication>, AppError> {
    with_status(backend()?.scim_turn_off(&team, &confirmation).await)
}
