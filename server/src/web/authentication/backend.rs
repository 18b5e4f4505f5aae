//! The changes of the Authentication page on behalf of the sender of the request.

use super::data;
use crate::service::Service;
use crate::web::request::PageRequest;
use app::{
    backend::{Backend, Changed},
    model::Authentication,
};
use async_trait::async_trait;
use domain::Error;
use domain::{
    id::MethodId,
    key::{KeyId, Overlap},
    sso::MethodForm,
    validation::field_error::{Field, FieldErrors},
};

#[async_trait]
impl Backend for PageRequest {
    async fn scim_turn_on(&self, team: &str) -> Changed {
        self.service(team).await?.scim_turn_on(team).await?;
        self.fresh(team).await
    }

    async fn scim_turn_off(&self, team: &str, confirmation: &str) -> Changed {
        self.service(team).await?.scim_turn_off(team, confirmation).await?;
        self.fresh(team).await
    }

    async fn sso_add(&self, team: &str, form: MethodForm) -> Changed {
        self.service(team).await?.sso_add(team, form, false).await?;
        self.fresh(team).await
    }

    async fn sso_edit(&self, team: &str, id: &str, form: MethodForm) -> Changed {
        self.service(team).await?.sso_edit(team, &MethodId::new(id), form).await?;
        self.fresh(team).await
    }

    async fn sso_set_enabled(&self, team: &str, id: &str, enabled: bool, confirmed: bool) -> Changed {
        self.service(team).await?.sso_set_enabled(team, &MethodId::new(id), enabled, confirmed).await?;
        self.fresh(team).await
    }

    async fn sso_keep_only(&self, team: &str, id: &str) -> Changed {
        self.service(team).await?.sso_keep_only(team, &MethodId::new(id)).await?;
        self.fresh(team).await
    }

    async fn sso_delete(&self, team: &str, id: &str) -> Changed {
        self.service(team).await?.sso_delete(team, &MethodId::new(id)).await?;
        self.fresh(team).await
    }

    async fn key_revoke(&self, team: &str, id: &str, confirmation: &str) -> Changed {
        self.service(team).await?.key_revoke(team, &KeyId::new(id), confirmation).await?;
        self.fresh(team).await
    }

    async fn key_set_overlap(&self, team: &str, id: &str, overlap: &str) -> Changed {
        let service = self.service(team).await?;
        let overlap =
            Overlap::parse(overlap).map_err(|problem| Error::from(FieldErrors::one(Field::Overlap, problem)))?;
        service.key_set_overlap(team, &KeyId::new(id), overlap).await?;
        self.fresh(team).await
    }
}

impl PageRequest {
    /// The service that acts as the sender of the request.
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
