//! Creating, replacing, changing and deleting resources: shared by `/Users`, `/Groups` and `/Bulk`.

use super::{
    client::Client,
    collection::{Collection, Row},
    done::Done,
    refusal::Refusal,
};
use crate::{
    provisioning::directory::{
        CreateGroup, CreateUser, DeleteGroup, DeleteUser, KeptGroup, KeptUser, PatchGroup, PatchUser, ReplaceGroup,
        ReplaceUser,
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
        let (team, by) = (&self.client.team.id, self.client.provider());
        match kind {
            Kind::User => {
                let kept = self.state.directory().grant(team, by, CreateUser(document)).await?;
                self.user(StatusCode::CREATED, kept, notes).await
            }
            Kind::Group => {
                let kept = self.state.directory().grant(team, by, CreateGroup(document)).await?;
                self.group(StatusCode::CREATED, kept, notes).await
            }
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
        let (team, by) = (&self.client.team.id, self.client.provider());
        match kind {
            Kind::User => {
                let wish = ReplaceUser { id: MemberId::new(id), document, precondition };
                let kept = self.state.directory().grant(team, by, wish).await?;
                self.user(StatusCode::OK, kept, notes).await
            }
            Kind::Group => {
                let wish = ReplaceGroup { id: id.to_owned(), document, precondition };
                let kept = self.state.directory().grant(team, by, wish).await?;
                self.group(StatusCode::OK, kept, notes).await
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
        let (team, by) = (&self.client.team.id, self.client.provider());
        match kind {
            Kind::User => {
                let wish = PatchUser { id: MemberId::new(id), patch, precondition };
                let kept = self.state.directory().grant(team, by, wish).await?;
                self.user(StatusCode::OK, kept, notes).await
            }
            Kind::Group => {
                let wish = PatchGroup { id: id.to_owned(), patch, precondition };
                let kept = self.state.directory().grant(team, by, wish).await?;
                if wants_body {
                    return self.group(StatusCode::OK, kept, notes).await;
                }
                let KeptGroup { group, changed, notes: more } = kept;
                more.iter().for_each(|note| notes.add(note.to_owned()));
                let item = self.collection().complete(vec![Row::Group(group)], false).await?;
                let item = item.into_iter().next().ok_or_else(Refusal::internal)?;
                Ok(Done::with(StatusCode::OK, item, changed, notes).silent())
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
        })
    }

    fn collection(&self) -> Collection<'_> {
        Collection::new(self.state, &self.client.team)
    }

    async fn user(self, status: StatusCode, kept: KeptUser, mut notes: Notes) -> Result<Done, Refusal> {
        kept.notes.iter().for_each(|note| notes.add(note.to_owned()));
        self.done(status, Row::User(kept.user), kept.changed, notes).await
    }

    async fn group(self, status: StatusCode, kept: KeptGroup, mut notes: Notes) -> Result<Done, Refusal> {
        kept.notes.iter().for_each(|note| notes.add(note.to_owned()));
        self.done(status, Row::Group(kept.group), kept.changed, notes).await
    }

    async fn done(self, status: StatusCode, row: Row, changed: bool, notes: Notes) -> Result<Done, Refusal> {
        let items = self.collection().complete(vec![row], true).await?;
        let item = items.into_iter().next().ok_or_else(Refusal::internal)?;
        Ok(Done::with(status, item, changed, notes))
    }
}
