//! `/Users`: every member of the key's team, also those that were there before the identity provider.

use super::{client::Client, json::ScimJson, parameters::Parameters, refusal::Refusal, resource_id::ResourceId};
use crate::{state::AppState, store::ScimMember};
use axum::{Extension, extract::State, response::IntoResponse};
use domain::{id::MemberId, role::Roles};
use scim::{
    ListResponse,
    resource::{Email, Meta, Name, RoleOfUser, User},
};

/// One page of the members, the oldest first.
pub(super) async fn list(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    parameters: Parameters,
) -> Result<impl IntoResponse, Refusal> {
    parameters.no_filter()?;
    let paging = parameters.paging()?;
    let (offset, limit) = (paging.offset().cast_signed(), paging.count.cast_signed());
    let (total, members) = state.store.scim_users(&client.team.id, offset, limit).await?;
    let base = state.config.scim_base_url();
    let users = members.into_iter().map(|member| user(member, &base)).collect();
    Ok(ScimJson(ListResponse::page(paging, total.max(0).cast_unsigned(), users)))
}

/// One member.
pub(super) async fn one(
    State(state): State<AppState>,
    Extension(client): Extension<Client>,
    id: ResourceId,
) -> Result<impl IntoResponse, Refusal> {
    let member = state.store.scim_user(&client.team.id, &MemberId::new(id.as_str())).await?;
    let member = member.ok_or_else(|| id.not_found())?;
    Ok(ScimJson(user(member, &state.config.scim_base_url())))
}

fn user(member: ScimMember, base: &str) -> User {
    let meta = Meta::user(base, member.id.as_str(), member.created_at, member.updated_at);
    let mut user = User::new(member.id.as_str(), member.user_name, member.active, meta);
    user.external_id = member.external_id;
    // Nothing is made up: a name is not cut into parts, and an address whose type nobody said has none.
    user.name = Some(Name {
        formatted: Some(member.display_name.clone()),
        family_name: member.family_name,
        given_name: member.given_name,
    });
    user.display_name = Some(member.display_name);
    user.emails = member.email.into_iter().map(|value| Email { value, kind: None, primary: true }).collect();
    user.roles = roles(member.roles);
    user
}

fn roles(roles: Roles) -> Vec<RoleOfUser> {
    let highest = roles.highest();
    let one =
        |role: domain::role::Role| RoleOfUser { value: role.name(), display: role.label(), primary: role == highest };
    roles.iter().map(one).collect()
}
