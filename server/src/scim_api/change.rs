//! Changes of resources, for `/Users`, `/Groups` and `/Bulk`.

use super::client::AuthenticatedKey;
use crate::{
    budget::Budget,
    scim_api::{error::ApiError, page_budget::PageBudget, resource_reader::ResourceReader, response::ScimResponse},
    scim_sync::{Applied, Caller, CreateUser, DeleteUser, PatchUser, ProvisioningError, ReplaceUser, WriteQueue},
    state::AppState,
};
use axum::http::StatusCode;
use domain::id::{MemberId, TeamId};
use scim::{Normalizations, Precondition, ResourceDocument, ResourceType, patch::Patch};
use serde_json::{Map, Value};

/// The context of a change.
#[derive(Clone, Copy, Debug)]
pub(super) struct Changes<'a> {
    pub(super) state: &'a AppState,
    pub(super) client: &'a AuthenticatedKey,
    /// Whether the response contains the resource with its groups or members.
    pub(super) wants_resource: bool,
}

impl Changes<'_> {
    /// `POST`.
    pub(super) async fn create(
        self,
        kind: ResourceType,
        body: Map<String, Value>,
        notes: Normalizations,
    ) -> Result<ScimResponse, ApiError> {
        let (document, notes) =
            self.read(body, notes, move |body, notes| ResourceDocument::read(body, kind, notes)).await?;
        let (write_queue, team, caller) = self.parts();
        match kind {
            ResourceType::User => {
                let applied = write_queue.execute(team, caller, CreateUser(document)).await;
                self.respond(StatusCode::CREATED, applied, notes, true).await
            }
            ResourceType::Group => {
                let applied = write_queue.create_group(team, caller, document, &self.client.budget).await;
                self.respond(StatusCode::CREATED, applied, notes, true).await
            }
        }
    }

    /// `PUT`.
    pub(super) async fn replace(
        self,
        kind: ResourceType,
        id: &str,
        body: Map<String, Value>,
        precondition: Precondition,
        notes: Normalizations,
    ) -> Result<ScimResponse, ApiError> {
        let (document, notes) =
            self.read(body, notes, move |body, notes| ResourceDocument::read(body, kind, notes)).await?;
        let (write_queue, team, caller) = self.parts();
        match kind {
            ResourceType::User => {
                let command = ReplaceUser { id: MemberId::new(id), document, precondition };
                self.respond(StatusCode::OK, write_queue.execute(team, caller, command).await, notes, true).await
            }
            ResourceType::Group => {
                let applied =
                    write_queue.replace_group(team, caller, id, document, precondition, &self.client.budget).await;
                self.respond(StatusCode::OK, applied, notes, true).await
            }
        }
    }

    /// `PATCH`. The response for a Group has no body, because the group may have ten thousand members.
    pub(super) async fn patch(
        self,
        kind: ResourceType,
        id: &str,
        body: Map<String, Value>,
        precondition: Precondition,
        notes: Normalizations,
        wants_body: bool,
    ) -> Result<ScimResponse, ApiError> {
        let (patch, notes) = self.read(body, notes, move |body, notes| Patch::read(body, kind, notes)).await?;
        let (write_queue, team, caller) = self.parts();
        match kind {
            ResourceType::User => {
                let command = PatchUser { id: MemberId::new(id), patch, precondition };
                self.respond(StatusCode::OK, write_queue.execute(team, caller, command).await, notes, true).await
            }
            ResourceType::Group => {
                let applied = write_queue.patch_group(team, caller, id, patch, precondition, &self.client.budget).await;
                let response = self.respond(StatusCode::OK, applied, notes, wants_body).await?;
                Ok(if wants_body { response } else { response.without_body() })
            }
        }
    }

    /// `DELETE`.
    pub(super) async fn delete(
        self,
        kind: ResourceType,
        id: &str,
        precondition: Precondition,
    ) -> Result<ScimResponse, ApiError> {
        let (write_queue, team, caller) = self.parts();
        let Applied { changed, .. } = match kind {
            ResourceType::User => {
                write_queue.execute(team, caller, DeleteUser { id: MemberId::new(id), precondition }).await?
            }
            ResourceType::Group => write_queue.delete_group(team, caller, id, precondition).await?,
        };
        Ok(ScimResponse {
            status: StatusCode::NO_CONTENT,
            resource: None,
            version: None,
            location: None,
            id: Some(id.to_owned()),
            name: None,
            changed,
            notes: Normalizations::new(),
            page_budget: PageBudget::new(&self.client.budget),
        })
    }

    fn parts(&self) -> (&WriteQueue, &TeamId, Caller) {
        (self.state.write_queue(), &self.client.team.id, self.client.caller())
    }

    /// Reads a message from a body. A long one is read on a compute thread.
    async fn read<T: Send + 'static>(
        self,
        body: Map<String, Value>,
        mut notes: Normalizations,
        read: impl FnOnce(Map<String, Value>, &mut Normalizations) -> Result<T, scim::ScimError> + Send + 'static,
    ) -> Result<(T, Normalizations), ApiError> {
        let bytes = body.iter().map(|(name, value)| name.len() + size(value)).sum();
        let work = move |_: &Budget| Ok((read(body, &mut notes)?, notes));
        self.client.budget.compute_for(bytes, work).await
    }

    /// The response with the changed resource. `relations`: with its groups or members.
    async fn respond(
        self,
        status: StatusCode,
        applied: Result<Applied, ProvisioningError>,
        mut notes: Normalizations,
        relations: bool,
    ) -> Result<ScimResponse, ApiError> {
        let applied = applied?;
        applied.notes.iter().for_each(|note| notes.add(note.to_owned()));
        // The change is committed, so the budget must not reject the rest of the work.
        let budget = self.client.budget.after_change();
        let reader = ResourceReader::new(self.state, &self.client.team, &budget);
        let mut page_budget = PageBudget::new(&budget);
        let relations = relations && self.wants_resource;
        let changed = applied.resource.into_iter().collect();
        let resources = reader.add_relations(changed, relations, &mut page_budget, None).await?;
        let resource = resources.into_iter().next().ok_or_else(ApiError::internal)?;
        Ok(ScimResponse::with(status, resource, applied.changed, notes, page_budget))
    }
}

/// The approximate bytes of a value as JSON.
fn size(value: &Value) -> usize {
    const PUNCTUATION: usize = 4;
    PUNCTUATION
        + match value {
            Value::String(text) => text.len(),
            Value::Array(values) => values.iter().map(size).sum(),
            Value::Object(parts) => parts.iter().map(|(name, value)| PUNCTUATION + name.len() + size(value)).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
}
