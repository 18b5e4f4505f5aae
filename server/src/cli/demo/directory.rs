//! Fills a team through the code that serves identity providers: a first sync, then what happens in the weeks after it.

use super::{
    super::{Refusal, desk::Desk},
    people::{GROUP, Person, groups, into_map},
    polls,
};
use crate::{
    clock::Clock,
    provisioning::directory::{CreateGroup, CreateUser, Directory, PatchGroup, PatchUser, Provider, Refused, Wish},
    store::{Store, TeamRow},
};
use domain::{
    DAY, MINUTE, UnixMs,
    id::MemberId,
    key::{KeyId, ScimKey},
    role::Role,
};
use scim::{Document, Kind, Notes, Precondition, patch::Patch};
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use tokio::task::JoinSet;

/// So many requests come at once: they are granted in one transaction.
const TOGETHER: usize = 64;
/// One in so many has left since the first sync.
const LEAVERS: usize = 40;
const SECOND: UnixMs = 1_000;
/// From where the provider sends.
const ADDRESS: &str = "198.51.100.24";

/// The identity provider of a team.
pub(super) struct Sync {
    directory: Directory,
    store: Store,
    team: TeamRow,
    by: Provider,
    clock: Arc<AtomicI64>,
    /// The ids of everybody it has created, by their number, and of the groups.
    people: Vec<MemberId>,
    groups: Vec<String>,
}

impl Sync {
    /// With this key of the team.
    pub(super) fn new(desk: &Desk, team: TeamRow, key: &ScimKey) -> Self {
        let clock = Arc::new(AtomicI64::new(key.created_at));
        let read = clock.clone();
        let directory = Directory::new(desk.store.clone(), Clock::from_fn(move || read.load(Ordering::Relaxed)));
        let (key_id, key_name): (KeyId, String) = (key.id.clone(), key.name.clone());
        let address = Some(ADDRESS.to_owned());
        let by = Provider { key_id, key_name, ceiling: Role::SuperAdmin, address, request: None };
        Self { directory, store: desk.store.clone(), team, by, clock, people: Vec::new(), groups: Vec::new() }
    }

    /// Everybody is created, and all the groups. In the weeks after that some people leave.
    pub(super) async fn first(&mut self, members: usize) -> Result<(), Refusal> {
        let start = self.clock.load(Ordering::Relaxed) + 10 * MINUTE;
        let host = format!("{}.test", self.team.slug);
        for (round, from) in (0..members).step_by(TOGETHER).enumerate() {
            self.set(start + UnixMs::try_from(round).unwrap_or(0) * SECOND);
            let together = (from..members.min(from + TOGETHER)).map(|at| Person::number(at).document(&host));
            let wishes = together.map(|body| document(body, Kind::User).map(CreateUser));
            let kept = self.all(wishes.collect::<Result<_, _>>()?).await?;
            self.people.extend(kept.into_iter().map(|kept| kept.resource.id));
        }
        self.pass(MINUTE);
        for (name, contains) in groups() {
            let inside = |(at, id): (usize, &MemberId)| {
                contains(&Person::number(at), &name).then(|| json!({"value": id.as_str()}))
            };
            let inside: Vec<Value> = self.people.iter().enumerate().filter_map(inside).collect();
            let body = json!({"schemas": [GROUP], "displayName": name, "members": inside});
            let kept = self.all(vec![CreateGroup(document(into_map(body), Kind::Group)?)]).await?;
            self.groups.extend(kept.into_iter().map(|kept| kept.resource.id));
            self.pass(SECOND);
        }
        let leavers: Vec<MemberId> = self.people.iter().skip(LEAVERS / 2).step_by(LEAVERS).cloned().collect();
        for some in leavers.chunks(leavers.len().div_ceil(16).max(1)) {
            self.pass(DAY);
            for part in some.chunks(TOGETHER) {
                let wishes = part.iter().map(|id| change(id, &json!([{"op": "replace", "value": {"active": false}}])));
                self.all(wishes.collect::<Result<_, _>>()?).await?;
            }
        }
        Ok(())
    }

    /// What came in the last hours, up to `now`: somebody has a new job, somebody changes groups.
    pub(super) async fn lately(&mut self, now: UnixMs) -> Result<(), Refusal> {
        let jobs = ["Principal Engineer", "Regional Sales Manager", "Security Lead"];
        for (ago, (title, id)) in [95, 71, 38].into_iter().zip(jobs.into_iter().zip(&self.people)) {
            self.set(now - ago * MINUTE);
            let promoted = change(id, &json!([{"op": "replace", "path": "title", "value": title}]))?;
            self.all(vec![promoted]).await?;
        }
        if let (Some(group), Some(somebody)) = (self.groups.last(), self.people.get(1)) {
            self.set(now - 12 * MINUTE);
            let operations = json!([{"op": "add", "path": "members", "value": [{"value": somebody.as_str()}]}]);
            let patch = patch(&operations, Kind::Group)?;
            self.all(vec![PatchGroup { id: group.clone(), patch, precondition: Precondition::default() }]).await?;
        }
        self.poll(now - 3 * MINUTE, now - 2 * MINUTE).await
    }

    /// Looks whether everybody is there, again and again between two times.
    pub(super) async fn poll(&self, from: UnixMs, to: UnixMs) -> Result<(), Refusal> {
        let asked = polls::between(&self.team, &self.by, from, to);
        self.store.scim_requests_add(&asked).await.map_err(|error| Refusal::new(error.to_string()))
    }

    /// Sends these at once.
    async fn all<W: Wish>(&self, wishes: Vec<W>) -> Result<Vec<W::Made>, Refusal> {
        let mut sent = JoinSet::new();
        for (at, wish) in wishes.into_iter().enumerate() {
            let (directory, team, by) = (self.directory.clone(), self.team.id.clone(), self.by.clone());
            sent.spawn(async move { (at, directory.grant(&team, by, wish).await) });
        }
        let mut answers = sent.join_all().await;
        answers.sort_by_key(|(at, _)| *at);
        answers.into_iter().map(|(_, answer)| answer.map_err(|refused| refusal(&refused))).collect()
    }

    fn set(&self, now: UnixMs) {
        self.clock.store(now, Ordering::Relaxed);
    }

    fn pass(&self, time: UnixMs) {
        self.clock.fetch_add(time, Ordering::Relaxed);
    }
}

fn document(body: serde_json::Map<String, Value>, kind: Kind) -> Result<Document, Refusal> {
    Document::read(body, kind, &mut Notes::new()).map_err(|error| Refusal::new(error.to_string()))
}

fn change(id: &MemberId, operations: &Value) -> Result<PatchUser, Refusal> {
    let patch = patch(operations, Kind::User)?;
    Ok(PatchUser { id: id.clone(), patch, precondition: Precondition::default() })
}

fn patch(operations: &Value, kind: Kind) -> Result<Patch, Refusal> {
    let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
    Patch::read(into_map(body), kind, &mut Notes::new()).map_err(|error| Refusal::new(error.to_string()))
}

fn refusal(refused: &Refused) -> Refusal {
    match refused {
        Refused::Scim(error) => Refusal::new(error.to_string()),
        Refused::Store(error) => Refusal::new(error.to_string()),
    }
}
