//! The changes of the Authentication page.

use super::data;
use crate::{service::Service, web::request::PageRequest};
use app::{
    backend::{AuthenticationChange, Backend, Changed},
    model::Authentication,
};
use async_trait::async_trait;
use domain::{
    Error,
    key::Overlap,
    validation::field_error::{Field, FieldErrors},
};

/// Makes a change: the only place that knows which use case belongs to it.
pub(super) async fn apply(service: &Service<'_>, team: &str, change: AuthenticationChange) -> Result<(), Error> {
    match change {
        AuthenticationChange::TurnOn => service.scim_turn_on(team).await,
        AuthenticationChange::TurnOff { confirmation } => service.scim_turn_off(team, &confirmation).await,
        AuthenticationChange::AddMethod(form) => service.sso_add(team, form, false).await.map(|_| ()),
        AuthenticationChange::EditMethod(id, form) => service.sso_edit(team, &id, form).await,
        AuthenticationChange::SetEnabled { id, enabled, confirmed } => {
            service.sso_set_enabled(team, &id, enabled, confirmed).await
        }
        AuthenticationChange::KeepOnly(id) => service.sso_keep_only(team, &id).await,
        AuthenticationChange::DeleteMethod(id) => service.sso_delete(team, &id).await,
        AuthenticationChange::RevokeKey { id, confirmation } => service.key_revoke(team, &id, &confirmation).await,
        AuthenticationChange::SetOverlap { id, overlap } => {
            let overlap = Overlap::parse(&overlap).map_err(|error| FieldErrors::one(Field::Overlap, error))?;
            service.key_set_overlap(team, &id, overlap).await
        }
    }
}

#[async_trait]
impl Backend for PageRequest {
    async fn change(&self, team: &str, change: AuthenticationChange) -> Changed {
        apply(&self.service(team).await?, team, change).await?;
        self.fresh(team).await
    }
}

impl PageRequest {
    /// The service, for the member who sent the request.
    ///
    /// # Errors
    /// The reason why they may not make changes: see [`SignedIn::actor`](crate::auth::SignedIn::actor).
    pub(in crate::web) async fn service(&self, team: &str) -> Result<Service<'_>, Error> {
        let actor = self.actor(team).await?;
        Ok(Service::new(&self.state.store, &self.state.secrets, &self.state.clock, actor))
    }

    /// The page's data after a change, because the session's data of the team is older.
    pub(in crate::web) async fn fresh(&self, team: &str) -> Changed {
        Ok(Box::new(self.authentication_of(team).await?))
    }

    async fn authentication_of(&self, team: &str) -> Result<Authentication, Error> {
        let team = self.state.store.team_by_slug(team).await?.ok_or(Error::NotFound)?;
        Ok(data(&self.state, &team).await?)
    }
}
