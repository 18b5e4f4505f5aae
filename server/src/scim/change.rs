//! Creating, replacing, changing and deleting resources: shared by `/Users`, `/Groups` and `/Bulk`.

use super::{
    client::Client,
    collection::{Collection, Row},
    done::Done,
    refusal::Refusal,
    room::Room,
};
use crate::{
    provisioning::directory::{
        CreateGroup, CreateUser, DeleteGroup, DeleteUser, Granted, PatchGroup, PatchUser, ReplaceGroup, ReplaceUser,
        Wish,
    },
    state::AppState,
};
use axum::http::StatusCode;
use domain::id::MemberId;
use scim::{Document, Kind, Notes, Precondition, patch::Patch};
use serde_json::{Map, Value};

/// Whose resources are changed, and who changes them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Changes<'a> {
    pub(super) state: &'a AppState,
    pub(super) client: &'a Client,
}

impl Changes<'_> {
    /// `POST`.
    pub(super) async fn create(self, kind: Kind, body: Map<String, Value>, mut notes: Notes) -> Result<Done, Refusal> {
        let document = Document::read(body, kind, &mut notes)?;
        match kind {
            Kind::User => self.make(StatusCode::CREATED, CreateUser(document), notes, true).await,
            Kind::Group => self.make(StatusCode::CREATED, CreateGroup(document), notes, true).await,
        }
    }

    /// `PUT`.
    pub(super) async fn replace(
        self,
        kind: Kind,
        id: &str,
        body: Map<String, Value>,
        precondition: Precondition,
        mut notes: Notes,
    ) -> Result<Done, Refusal> {
        let document = Document::read(body, kind, &mut notes)?;
        match kind {
            Kind::User => {
                let wish = ReplaceUser { id: MemberId::new(id), document, precondition };
                self.make(StatusCode::OK, wish, notes, true).await
            }
            Kind::Group => {
                let wish = ReplaceGroup { id: id.to_owned(), document, precondition };
                self.make(StatusCode::OK, wish, notes, true).await
            }
        }
    }

    /// `PATCH`. Groups are answered without a body: ten thousand members are a long answer to one of them.
    pub(super) async fn patch(
        self,
        kind: Kind,
        id: &str,
        body: Map<String, Value>,
        precondition: Precondition,
        mut notes: Notes,
        wants_body: bool,
    ) -> Result<Done, Refusal> {
        let patch = Patch::read(body, kind, &mut notes)?;
        match kind {
            Kind::User => {
                let wish = PatchUser { id: MemberId::new(id), patch, precondition };
                self.make(StatusCode::OK, wish, notes, true).await
            }
            Kind::Group => {
                let wish = PatchGroup { id: id.to_owned(), patch, precondition };
                let done = self.make(StatusCode::OK, wish, notes, wants_body).await?;
                Ok(if wants_body { done } else { done.silent() })
            }
        }
    }

    /// `DELETE`.
    pub(super) async fn delete(self, kind: Kind, id: &str, precondition: Precondition) -> Result<Done, Refusal> {
        let (team, by) = (&self.client.team.id, self.client.provider());
        let directory = self.state.directory();
        match kind {
            Kind::User => directory.grant(team, by, DeleteUser { id: MemberId::new(id), precondition }).await?,
            Kind::Group => directory.grant(team, by, DeleteGroup { id: id.to_owned(), precondition }).await?,
        }
        Ok(Done {
            status: StatusCode::NO_CONTENT,
            item: None,
            version: None,
            location: None,
            id: Some(id.to_owned()),
            name: None,
            changed: true,
            notes: Notes::new(),
            room: Room::new(&self.client.budget),
        })
    }

    /// Has a wish granted, and answers with the resource as it is then; with `relations`, with its groups or members.
    async fn make<R: Into<Row>>(
        self,
        status: StatusCode,
        wish: impl Wish<Made = Granted<R>>,
        mut notes: Notes,
        relations: bool,
    ) -> Result<Done, Refusal> {
        let made = self.state.directory().grant(&self.client.team.id, self.client.provider(), wish).await?;
        made.notes.iter().for_each(|note| notes.add(note.to_owned()));
        let collection = Collection::new(self.state, self.client);
        let mut room = Room::new(&self.client.budget);
        let items = collection.fill(vec![made.resource.into()], relations, &mut room, None).await?;
        let item = items.into_iter().next().ok_or_else(Refusal::internal)?;
        Ok(Done::with(status, item, made.changed, notes, room))
    }
}
