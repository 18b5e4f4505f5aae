//! Creating, replacing, changing and deleting resources: shared by `/Users`, `/Groups` and `/Bulk`.

use super::client::AuthenticatedKey;
use crate::scim_api::page_budget::PageBudget;
use crate::scim_api::{
    error::ApiError,
    resource_reader::{ResourceReader, ResourceRow},
    response::ScimResponse,
};
use crate::{
    budget::Budget,
    scim_sync::{Applied, Caller, CreateUser, DeleteUser, PatchUser, ProvisioningError, ReplaceUser, WriteQueue},
    state::AppState,
};
use axum::http::StatusCode;
use domain::id::{MemberId, TeamId};
use scim::{Normalizations, Precondition, ResourceDocument, ResourceType, patch::Patch};
use serde_json::{Map, Value};

/// Whose resources are changed, and who changes them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Changes<'a> {
    pub(super) state: &'a AppState,
    pub(super) client: &'a AuthenticatedKey,
    /// Is the resource part of the answer, with its groups or members?
    pub(super) is_answered: bool,
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
        let (directory, team, by) = self.parts();
        match kind {
            ResourceType::User => {
                let made = directory.execute(team, by, CreateUser(document)).await;
                self.done(StatusCode::CREATED, made, notes, true).await
            }
            ResourceType::Group => {
                let made = directory.create_group(team, by, document, &self.client.budget).await;
                self.done(StatusCode::CREATED, made, notes, true).await
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
        let (directory, team, by) = self.parts();
        match kind {
            ResourceType::User => {
                let wish = ReplaceUser { id: MemberId::new(id), document, precondition };
                self.done(StatusCode::OK, directory.execute(team, by, wish).await, notes, true).await
            }
            ResourceType::Group => {
                let made = directory.replace_group(team, by, id, document, precondition, &self.client.budget).await;
                self.done(StatusCode::OK, made, notes, true).await
            }
        }
    }

    /// `PATCH`. Groups are answered without a body: ten thousand members are a long answer to one of them.
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
        let (directory, team, by) = self.parts();
        match kind {
            ResourceType::User => {
                let wish = PatchUser { id: MemberId::new(id), patch, precondition };
                self.done(StatusCode::OK, directory.execute(team, by, wish).await, notes, true).await
            }
            ResourceType::Group => {
                let made = directory.patch_group(team, by, id, patch, precondition, &self.client.budget).await;
                let done = self.done(StatusCode::OK, made, notes, wants_body).await?;
                Ok(if wants_body { done } else { done.silent() })
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
        let (directory, team, by) = self.parts();
        match kind {
            ResourceType::User => {
                directory.execute(team, by, DeleteUser { id: MemberId::new(id), precondition }).await?
            }
            ResourceType::Group => directory.delete_group(team, by, id, precondition).await?,
        }
        Ok(ScimResponse {
            status: StatusCode::NO_CONTENT,
            item: None,
            version: None,
            location: None,
            id: Some(id.to_owned()),
            name: None,
            changed: true,
            notes: Normalizations::new(),
            room: PageBudget::new(&self.client.budget),
        })
    }

    fn parts(&self) -> (&WriteQueue, &TeamId, Caller) {
        (self.state.directory(), &self.client.team.id, self.client.provider())
    }

    /// Makes of a body what it says: of a long one, on a thread for computing.
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

    /// Answers with the resource as it is after a change; with `relations`, with its groups or members.
    async fn done<R: Into<ResourceRow>>(
        self,
        status: StatusCode,
        made: Result<Applied<R>, ProvisioningError>,
        mut notes: Normalizations,
        relations: bool,
    ) -> Result<ScimResponse, ApiError> {
        let made = made?;
        made.notes.iter().for_each(|note| notes.add(note.to_owned()));
        // The change is made: what is left to do is not refused any more.
        let budget = self.client.budget.after_change();
        let collection = ResourceReader::new(self.state, &self.client.team, &budget);
        let mut room = PageBudget::new(&budget);
        let relations = relations && self.is_answered;
        let items = collection.fill(vec![made.resource.into()], relations, &mut room, None).await?;
        let item = items.into_iter().next().ok_or_else(ApiError::internal)?;
        Ok(ScimResponse::with(status, item, made.changed, notes, room))
    }
}

/// About how many bytes a value has as JSON.
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
