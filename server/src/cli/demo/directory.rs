//! Fills a team through the code that serves identity providers: a first sync, then what happens in the months after it.

use super::{
    super::CliError,
    Stage,
    calendar::{Calendar, Event, RECORDED_DAYS},
    people::{GROUP, Person, groups, into_map},
    polls,
    wire::{self, Sent},
};
use crate::{
    budget::{Budget, Budgets},
    clock::Clock,
    ids,
    scim_sync::{Caller, Command, CreateUser, PatchUser, ProvisioningError, WriteQueue},
};
use domain::{
    DAY, HOUR, MINUTE, UnixMs,
    id::MemberId,
    key::{KeyId, ScimKey},
    role::Role,
    scim_operation::ScimOperation,
};
use scim::{Normalizations, Precondition, ResourceDocument, ResourceType, patch::Patch};
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use store::{Store, TeamRow};
use tokio::task::JoinSet;

/// So many requests come at once: they are granted in one transaction.
const TOGETHER: usize = 64;
/// The most members that one request adds to a group.
const MEMBERS: usize = 20_000;
const SECOND: UnixMs = 1_000;
/// One in so many never signed in.
const NEVER: usize = 9;
/// From where the provider sends.
const ADDRESS: &str = "198.51.100.24";
const JOBS: [&str; 5] =
    ["Principal Engineer", "Regional Sales Manager", "Security Lead", "Staff Designer", "Head of Operations"];

/// Somebody whom it has created.
struct Known {
    id: MemberId,
    joined: UnixMs,
    left: Option<UnixMs>,
}

/// The identity provider of a team.
pub(super) struct Sync<'a> {
    stage: &'a Stage<'a>,
    directory: WriteQueue,
    store: Store,
    team: TeamRow,
    by: Caller,
    clock: Arc<AtomicI64>,
    calendar: Calendar,
    now: UnixMs,
    /// Everybody, by their number, and how many of them are in their groups.
    people: Vec<Known>,
    grouped: usize,
    /// Names and ids.
    groups: Vec<(String, String)>,
}

impl<'a> Sync<'a> {
    /// With this key of the team.
    pub(super) fn new(stage: &'a Stage<'a>, team: TeamRow, key: &ScimKey) -> Self {
        let (desk, now) = (stage.desk, stage.now);
        let clock = Arc::new(AtomicI64::new(key.created_at));
        let read = clock.clone();
        let directory = WriteQueue::new(desk.store.clone(), Clock::from_fn(move || read.load(Ordering::Relaxed)));
        let (key_id, key_name): (KeyId, String) = (key.id.clone(), key.name.clone());
        let address = Some(ADDRESS.to_owned());
        Self {
            stage,
            directory,
            store: desk.store.clone(),
            team,
            by: Caller { key_id, key_name, max_role: Role::SuperAdmin, address, request: None, is_internal: true },
            clock,
            calendar: Calendar::of(stage.members, key.created_at, now),
            now,
            people: Vec::new(),
            grouped: 0,
            groups: Vec::new(),
        }
    }

    /// The first people are created, and all the groups.
    pub(super) async fn first(&mut self) -> Result<(), CliError> {
        let members = self.stage.members;
        if members == 0 {
            return Ok(());
        }
        let start = self.clock.load(Ordering::Relaxed) + 10 * MINUTE;
        self.set(start);
        self.join(0..Calendar::first(members)).await?;
        self.set(start + HOUR);
        let groups = groups();
        for (done, (name, contains)) in groups.iter().enumerate() {
            self.stage.attempt.check().await?;
            self.stage.progress.count("groups", done + 1, groups.len());
            let inside = |(at, known): (usize, &Known)| {
                contains(&Person::number(at), name).then(|| json!({"value": known.id.as_str()}))
            };
            let inside: Vec<Value> = self.people.iter().enumerate().filter_map(inside).collect();
            // A large group is sent in parts, as a provider would.
            let mut parts = inside.chunks(MEMBERS);
            let body = json!({"schemas": [GROUP], "displayName": name, "members": parts.next().unwrap_or_default()});
            let (_, by) = self.request();
            let (document, budget) = (document(into_map(body), ResourceType::Group)?, self.budget());
            let created = self.directory.create_group(&self.team.id, by, document, &budget).await;
            let id = created.map_err(|refused| refusal(&refused))?.resource.id;
            for part in parts {
                self.add(&id, &operations(&json!([{"op": "add", "path": "members", "value": part}]))).await?;
            }
            self.groups.push((name.clone(), id));
            self.pass(SECOND);
        }
        self.grouped = self.people.len();
        Ok(())
    }

    /// The group with this name.
    pub(super) fn group(&self, name: &str) -> Option<&str> {
        self.groups.iter().find(|(group, _)| group == name).map(|(_, id)| id.as_str())
    }

    /// What happens up to a time.
    pub(super) async fn go_on(&mut self, until: UnixMs) -> Result<(), CliError> {
        while let Some((at, event)) = self.calendar.next(until) {
            self.set(at);
            match event {
                Event::Join(people) => self.join(people).await?,
                Event::Group => self.group_new_people().await?,
                Event::Leave(people) => self.leave(&people).await?,
                Event::Promote(number) => self.promote(number).await?,
                Event::Manage(number) => {
                    let members = self.people.get(number).map(|known| vec![known.id.clone()]).unwrap_or_default();
                    self.add_to("Managers", &members).await?;
                }
                Event::Poll => self.note(vec![polls::list(&self.team, &self.by, at)]).await?,
                Event::Report => self.note(polls::refused(&self.team, &self.by, at).into_iter().collect()).await?,
            }
        }
        Ok(())
    }

    /// When everybody last signed in: most of them lately, some never.
    pub(super) async fn sign_ins(&self) -> Result<(), CliError> {
        let signed_in = |(number, known): (usize, &Known)| {
            let until = known.left.unwrap_or(self.now);
            // From 0 to 999, and most of them small once they are cubed.
            let spread = i64::try_from(number * 611 % 1_000).unwrap_or(0);
            let ago = (until - known.joined) / 1_000 * (spread * spread * spread / 1_000_000) + 11 * MINUTE;
            let at = until - ago;
            (number % NEVER > 0 && at > known.joined).then(|| (known.id.clone(), at))
        };
        let times: Vec<_> = self.people.iter().enumerate().filter_map(signed_in).collect();
        Ok(self.store.members_signed_in(&self.team.id, &times).await?)
    }

    async fn join(&mut self, people: std::ops::Range<usize>) -> Result<(), CliError> {
        let host = format!("{}.test", self.team.slug);
        for from in people.clone().step_by(TOGETHER) {
            let bodies: Vec<_> =
                (from..people.end.min(from + TOGETHER)).map(|at| Person::number(at).document(&host)).collect();
            let commands = bodies.iter().map(|body| document(body.clone(), ResourceType::User).map(CreateUser));
            let kept = self.all(commands.collect::<Result<_, _>>()?).await?;
            let mut sent = Vec::new();
            for ((id, kept), body) in kept.into_iter().zip(bodies) {
                let user = kept.resource;
                sent.push(Sent {
                    id,
                    method: "POST",
                    path: "/scim/v2/Users".to_owned(),
                    operation: ScimOperation::UserCreate,
                    target: user.id.as_str().to_owned(),
                    name: wire::user_name(&user.document),
                    status: 201,
                    request: Value::Object(body),
                    answer: Some(wire::answer(&user)),
                });
                self.people.push(Known { id: user.id, joined: self.at(), left: None });
            }
            self.record(sent).await?;
            self.pass(SECOND);
            self.stage.attempt.check().await?;
            self.stage.progress.count("members", self.people.len(), self.stage.members);
        }
        Ok(())
    }

    async fn group_new_people(&mut self) -> Result<(), CliError> {
        for (name, contains) in groups() {
            let new = self.people.iter().enumerate().skip(self.grouped);
            let inside: Vec<MemberId> = new
                .filter(|(number, _)| contains(&Person::number(*number), &name))
                .map(|(_, known)| known.id.clone())
                .collect();
            self.add_to(&name, &inside).await?;
        }
        self.grouped = self.people.len();
        Ok(())
    }

    async fn add_to(&mut self, group: &str, members: &[MemberId]) -> Result<(), CliError> {
        let Some(id) = self.group(group).map(str::to_owned) else { return Ok(()) };
        if members.is_empty() {
            return Ok(());
        }
        for part in members.chunks(MEMBERS) {
            let values: Vec<Value> = part.iter().map(|id| json!({"value": id.as_str()})).collect();
            let body = operations(&json!([{"op": "add", "path": "members", "value": values}]));
            let request = self.add(&id, &body).await?;
            let sent = Sent {
                id: request,
                method: "PATCH",
                path: format!("/scim/v2/Groups/{id}"),
                operation: ScimOperation::GroupPatch,
                target: id.clone(),
                name: group.to_owned(),
                status: 204,
                request: body,
                answer: None,
            };
            self.record(vec![sent]).await?;
            self.pass(SECOND);
        }
        Ok(())
    }

    /// Changes a group; returns the id of the request.
    async fn add(&self, group: &str, body: &Value) -> Result<String, CliError> {
        let (request, by) = self.request();
        let (patch, budget) = (patch(body, ResourceType::Group)?, self.budget());
        let done = self.directory.patch_group(&self.team.id, by, group, patch, Precondition::default(), &budget).await;
        done.map_err(|refused| refusal(&refused))?;
        Ok(request)
    }

    /// What a request may cost.
    fn budget(&self) -> Budget {
        Budgets::default().of_request(&self.team.id)
    }

    /// A new request: its id, and who sends it.
    fn request(&self) -> (String, Caller) {
        let id = ids::next(self.at());
        let request = self.is_recorded().then(|| id.clone());
        (id, Caller { request, ..self.by.clone() })
    }

    async fn leave(&mut self, people: &[usize]) -> Result<(), CliError> {
        let at = self.at();
        for number in people {
            self.patch(*number, &json!([{"op": "replace", "value": {"active": false}}])).await?;
            if let Some(known) = self.people.get_mut(*number) {
                known.left = known.left.or(Some(at));
            }
        }
        Ok(())
    }

    async fn promote(&mut self, number: usize) -> Result<(), CliError> {
        // Whoever has left gets no new job.
        if self.people.get(number).is_none_or(|known| known.left.is_some()) {
            return Ok(());
        }
        let turn = usize::try_from(self.at() / MINUTE).unwrap_or(0);
        let job = JOBS.get(turn % JOBS.len()).copied().unwrap_or_default();
        self.patch(number, &json!([{"op": "replace", "path": "title", "value": job}])).await
    }

    async fn patch(&mut self, number: usize, what: &Value) -> Result<(), CliError> {
        let Some(id) = self.people.get(number).map(|known| known.id.clone()) else { return Ok(()) };
        let body = operations(what);
        let command = PatchUser {
            id: id.clone(),
            patch: patch(&body, ResourceType::User)?,
            precondition: Precondition::default(),
        };
        let kept = self.all(vec![command]).await?;
        let sent = kept.into_iter().filter(|(_, kept)| kept.changed).map(|(request, kept)| Sent {
            id: request,
            method: "PATCH",
            path: format!("/scim/v2/Users/{id}"),
            operation: ScimOperation::UserPatch,
            target: id.as_str().to_owned(),
            name: wire::user_name(&kept.resource.document),
            status: 200,
            request: body.clone(),
            answer: Some(wire::answer(&kept.resource)),
        });
        self.record(sent.collect()).await?;
        self.pass(SECOND);
        Ok(())
    }

    /// Sends these at once. Each answer with the id of its request.
    async fn all<C: Command>(&self, commands: Vec<C>) -> Result<Vec<(String, C::Output)>, CliError> {
        let mut sent = JoinSet::new();
        for (at, command) in commands.into_iter().enumerate() {
            let (id, by) = self.request();
            let (directory, team) = (self.directory.clone(), self.team.id.clone());
            sent.spawn(async move { (at, id, directory.execute(&team, by, command).await) });
        }
        let mut answers = sent.join_all().await;
        answers.sort_by_key(|(at, ..)| *at);
        answers.into_iter().map(|(_, id, answer)| Ok((id, answer.map_err(|refused| refusal(&refused))?))).collect()
    }

    /// Writes down what was sent and answered: of the first people all the same, so that it is known who came first.
    async fn record(&self, mut sent: Vec<Sent>) -> Result<(), CliError> {
        if !self.is_recorded() {
            sent.truncate(usize::from(self.people.len() <= TOGETHER));
        }
        self.note(sent.into_iter().map(|sent| sent.row(&self.team, &self.by, self.at())).collect()).await
    }

    async fn note(&self, requests: Vec<store::ScimRequest>) -> Result<(), CliError> {
        Ok(self.store.scim_requests_add(&requests).await?)
    }

    /// Older requests would be deleted soon.
    fn is_recorded(&self) -> bool {
        self.now - self.at() < (RECORDED_DAYS + 1) * DAY
    }

    fn at(&self) -> UnixMs {
        self.clock.load(Ordering::Relaxed)
    }

    fn set(&self, now: UnixMs) {
        // Never back: the log is in the order in which it was written.
        self.clock.fetch_max(now, Ordering::Relaxed);
    }

    fn pass(&self, time: UnixMs) {
        self.clock.fetch_add(time, Ordering::Relaxed);
    }
}

fn document(body: serde_json::Map<String, Value>, kind: ResourceType) -> Result<ResourceDocument, CliError> {
    ResourceDocument::read(body, kind, &mut Normalizations::new()).map_err(|error| CliError::new(error.to_string()))
}

fn operations(operations: &Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}

fn patch(body: &Value, kind: ResourceType) -> Result<Patch, CliError> {
    Patch::read(into_map(body.clone()), kind, &mut Normalizations::new())
        .map_err(|error| CliError::new(error.to_string()))
}

fn refusal(refused: &ProvisioningError) -> CliError {
    CliError::new(refused.to_string())
}
