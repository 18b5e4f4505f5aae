//! Changes of resources, for `/Users`, `/Groups` and `/Bulk`.

use super::api_request::ApiRequest;
use crate::{
    budget::Budget,
    scim_api::error::ApiError,
    scim_sync::{Applied, CreateUser, DeleteUser, PatchUser, ReplaceUser},
};
use domain::id::MemberId;
use scim::{Normalizations, Precondition, ResourceDocument, ResourceType, patch::Patch};
use serde_json::{Map, Value};

impl ApiRequest {
    /// `POST`.
    pub(super) async fn create(
        &self,
        kind: ResourceType,
        body: Map<String, Value>,
        notes: Normalizations,
    ) -> Result<Applied, ApiError> {
        let (document, notes) =
            self.read(body, notes, move |body, notes| ResourceDocument::read(body, kind, notes)).await?;
        let (write_queue, caller) = (self.state.write_queue(), self.caller.clone());
        let applied = match kind {
            ResourceType::User => write_queue.execute(caller, CreateUser(document)).await?,
            ResourceType::Group => write_queue.create_group(caller, document, &self.budget).await?,
        };
        Ok(with_notes(notes, applied))
    }

    /// `PUT`.
    pub(super) async fn replace(
        &self,
        kind: ResourceType,
        id: &str,
        body: Map<String, Value>,
        precondition: Precondition,
        notes: Normalizations,
    ) -> Result<Applied, ApiError> {
        let (document, notes) =
            self.read(body, notes, move |body, notes| ResourceDocument::read(body, kind, notes)).await?;
        let (write_queue, caller) = (self.state.write_queue(), self.caller.clone());
        let applied = match kind {
            ResourceType::User => {
                let command = ReplaceUser { id: MemberId::new(id), document, precondition };
                write_queue.execute(caller, command).await?
            }
            ResourceType::Group => write_queue.replace_group(caller, id, document, precondition, &self.budget).await?,
        };
        Ok(with_notes(notes, applied))
    }

    /// `PATCH`.
    pub(super) async fn patch(
        &self,
        kind: ResourceType,
        id: &str,
        body: Map<String, Value>,
        precondition: Precondition,
        notes: Normalizations,
    ) -> Result<Applied, ApiError> {
        let (patch, notes) = self.read(body, notes, move |body, notes| Patch::read(body, kind, notes)).await?;
        let (write_queue, caller) = (self.state.write_queue(), self.caller.clone());
        let applied = match kind {
            ResourceType::User => {
                write_queue.execute(caller, PatchUser { id: MemberId::new(id), patch, precondition }).await?
            }
            ResourceType::Group => write_queue.patch_group(caller, id, patch, precondition, &self.budget).await?,
        };
        Ok(with_notes(notes, applied))
    }

    /// `DELETE`.
    pub(super) async fn delete(
        &self,
        kind: ResourceType,
        id: &str,
        precondition: Precondition,
    ) -> Result<Applied, ApiError> {
        let (write_queue, caller) = (self.state.write_queue(), self.caller.clone());
        Ok(match kind {
            ResourceType::User => {
                write_queue.execute(caller, DeleteUser { id: MemberId::new(id), precondition }).await?
            }
            ResourceType::Group => write_queue.delete_group(caller, id, precondition).await?,
        })
    }

    /// Reads a message from a body. A long one is read on a compute thread.
    async fn read<T: Send + 'static>(
        &self,
        body: Map<String, Value>,
        mut notes: Normalizations,
        read: impl FnOnce(Map<String, Value>, &mut Normalizations) -> Result<T, scim::ScimError> + Send + 'static,
    ) -> Result<(T, Normalizations), ApiError> {
        let bytes = body.iter().map(|(name, value)| name.len() + size(value)).sum();
        let work = move |_: &Budget| Ok((read(body, &mut notes)?, notes));
        self.budget.compute_for(bytes, work).await
    }
}

/// Adds the normalizations of the command to those of the request.
fn with_notes(mut notes: Normalizations, applied: Applied) -> Applied {
    applied.notes.iter().for_each(|note| notes.add(note.to_owned()));
    Applied { notes, ..applied }
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
