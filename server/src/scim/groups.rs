//! `/Groups`: the groups of the key's team.

use super::{client::Client, json::ScimJson, parameters::Parameters, refusal::Refusal, resource_id::ResourceId};
use crate::{state::AppState, store::ScimGroup};
use axum::{Extension, extract::State, response::IntoResponse};
use scim::{
    ListResponse,
    resource::{Group, Meta},
};

/// One page of the groups, the oldest first.
pub(super) async fn list(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    parameters: Parameters,
) -> Result<impl IntoResponse, Refusal> {
    parameters.no_filter()?;
    let paging = parameters.paging()?;
    let (offset, limit) = (paging.offset().cast_signed(), paging.count.cast_signed());
    let (total, groups) = state.store.scim_groups(&client.team.id, offset, limit).await?;
    let base = state.config.scim_base_url();
    let groups = groups.into_iter().map(|row| group(row, &base)).collect();
    Ok(ScimJson(ListResponse::page(paging, total.max(0).cast_unsigned(), groups)))
}

/// One group.
pub(super) async fn one(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    id: ResourceId,
) -> Result<impl IntoResponse, Refusal> {
    let row = state.store.scim_group(&client.team.id, id.as_str()).await?;
    let row = row.ok_or_else(|| id.not_found())?;
    Ok(ScimJson(group(row, &state.config.scim_base_url())))
}

fn group(row: ScimGroup, base: &str) -> Group {
    let meta = Meta::group(base, &row.id, row.created_at, row.updated_at);
    let mut group = Group::new(row.id, row.display_name, meta);
    group.external_id = row.external_id;
    group
}
