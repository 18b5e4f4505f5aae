//! Fills a team through the SCIM API: a first sync, then the events up to now.

use super::{
    super::CliError,
    Stage,
    api::{Api, Call, ProviderClient},
    calendar::{Calendar, CalendarEvent, RECORDED_DAYS},
    people::{DemoPerson, GROUP, groups},
};
use crate::secrets::PlainKey;
use domain::{DAY, HOUR, MINUTE, UnixMs, id::MemberId};
use serde_json::{Value, json};
use std::{collections::BTreeMap, ops::Range};

/// The requests that are sent at once. The service commits them in one transaction.
const TOGETHER: usize = 64;
/// Upper bound of the members that one request adds to a group.
const MEMBERS: usize = 20_000;
const SECOND: UnixMs = 1_000;
/// One person of this many never signed in.
const NEVER: usize = 9;

/// A person whom the provider has created.
pub(super) struct ProvisionedPerson {
    pub(super) id: MemberId,
    joined: UnixMs,
    pub(super) deactivated_at: Option<UnixMs>,
    /// The count of changes of the profile.
    changes: usize,
}

pub(super) struct Sync<'a> {
    pub(super) stage: &'a Stage<'a>,
    api: Api,
    client: ProviderClient,
    calendar: Calendar,
    /// All people by their number, and the count of those who are in their groups.
    people: Vec<ProvisionedPerson>,
    grouped: usize,
    /// Names and ids.
    groups: Vec<(String, String)>,
    /// The last sign-in of each person who signed in.
    pub(super) signed_in: BTreeMap<usize, UnixMs>,
}

impl<'a> Sync<'a> {
    /// A provider that uses this client.
    pub(super) fn new(stage: &'a Stage<'a>, client: ProviderClient) -> Self {
        Self {
            stage,
            api: Api::new(stage.state),
            client,
            calendar: Calendar::of(stage.members, stage.now),
            people: Vec::new(),
            grouped: 0,
            groups: Vec::new(),
            signed_in: BTreeMap::new(),
        }
    }

    /// Sends with another key from now on.
    pub(super) fn use_key(&mut self, key: &PlainKey) -> Result<(), CliError> {
        self.client = self.client.with_key(key)?;
        Ok(())
    }

    /// Creates the first people and all groups.
    pub(super) async fn first(&mut self) -> Result<(), CliError> {
        if self.stage.members == 0 {
            return Ok(());
        }
        let (first, start) = Calendar::first(self.stage.members, self.stage.now);
        self.set(start);
        self.join(0..first).await?;
        self.set(start + HOUR);
        let groups = groups();
        for (done, (name, contains)) in groups.iter().enumerate() {
            self.stage.attempt.check().await?;
            self.stage.progress.count("groups", done + 1, groups.len());
            let inside =
                self.people.iter().enumerate().filter(|(number, _)| contains(&DemoPerson::number(*number), name));
            let inside: Vec<MemberId> = inside.map(|(_, person)| person.id.clone()).collect();
            self.create_group(name, &inside).await?;
        }
        self.grouped = self.people.len();
        Ok(())
    }

    pub(super) fn group(&self, name: &str) -> Option<&str> {
        self.groups.iter().find(|(group, _)| group == name).map(|(_, id)| id.as_str())
    }

    /// The person, unless deactivated.
    pub(super) fn active(&self, number: usize) -> Option<&ProvisionedPerson> {
        self.people.get(number).filter(|person| person.deactivated_at.is_none())
    }

    /// Plays the events up to a time.
    pub(super) async fn advance(&mut self, until: UnixMs) -> Result<(), CliError> {
        while let Some((at, event)) = self.calendar.next(until) {
            self.set(at);
            match event {
                CalendarEvent::Join(people) => self.join(people).await?,
                CalendarEvent::Group => self.group_new_people().await?,
                CalendarEvent::LookUp(people) => self.look_up(&people).await?,
                CalendarEvent::Import => self.import().await?,
                CalendarEvent::Leave(people) => self.leave(&people).await?,
                CalendarEvent::Return(number) => self.come_back(number).await?,
                CalendarEvent::Update(number) => self.update(number).await?,
                CalendarEvent::Move(number, department) => self.change_department(number, department).await?,
                CalendarEvent::Manage(number) => {
                    let members = self.active(number).map(|person| vec![person.id.clone()]).unwrap_or_default();
                    self.add_to("Managers", &members).await?;
                }
                CalendarEvent::Found(name, people) => {
                    let mut members: Vec<_> = people.iter().filter_map(|number| self.active(*number)).collect();
                    members.dedup_by(|one, other| one.id == other.id);
                    let members: Vec<_> = members.into_iter().map(|person| person.id.clone()).collect();
                    self.create_group(name, &members).await?;
                }
                CalendarEvent::Duplicate(number) => self.duplicate(number).await?,
                CalendarEvent::SignIn(number) => self.sign_in(number).await?,
                CalendarEvent::Office(office) => self.office(office).await?,
            }
        }
        self.record().await;
        Ok(())
    }

    /// Sets the last sign-ins. In a small team, each one was an event. In a large company, most people signed in recently and
    /// some never did.
    pub(super) async fn sign_ins(&self) -> Result<(), CliError> {
        let signed_in = |(number, person): (usize, &ProvisionedPerson)| {
            let until = person.deactivated_at.unwrap_or(self.stage.now);
            // From 0 to 999. Most are small once they are cubed.
            let spread = i64::try_from(number * 611 % 1_000).unwrap_or(0);
            let ago = (until - person.joined) / 1_000 * (spread * spread * spread / 1_000_000) + 11 * MINUTE;
            let at = until - ago;
            (number % NEVER > 0 && at > person.joined).then(|| (person.id.clone(), at))
        };
        let times: Vec<_> = match self.signed_in.is_empty() {
            true => self.people.iter().enumerate().filter_map(signed_in).collect(),
            false => {
                let person = |(number, at): (&usize, &UnixMs)| Some((self.people.get(*number)?.id.clone(), *at));
                self.signed_in.iter().filter_map(person).collect()
            }
        };
        Ok(self.stage.state.store.members_signed_in(&self.stage.team_id().await?, &times).await?)
    }

    async fn join(&mut self, people: Range<usize>) -> Result<(), CliError> {
        let host = self.host();
        for from in people.clone().step_by(TOGETHER) {
            let part = from..people.end.min(from + TOGETHER);
            let calls = part.map(|at| Call::post("/Users", Value::Object(DemoPerson::number(at).document(&host))));
            let answers = self.send(calls.collect()).await?;
            for answer in answers {
                self.people.push(ProvisionedPerson {
                    id: MemberId::new(id(&answer)?),
                    joined: self.at(),
                    deactivated_at: None,
                    changes: 0,
                });
            }
            self.pass(SECOND);
            self.stage.attempt.check().await?;
            self.stage.progress.count("members", self.people.len(), self.stage.members);
        }
        Ok(())
    }

    /// Creates a group. A large one is sent in parts, as a provider does.
    async fn create_group(&mut self, name: &str, members: &[MemberId]) -> Result<(), CliError> {
        let mut parts = members.chunks(MEMBERS);
        let body = json!({
            "schemas": [GROUP],
            "displayName": name,
            "members": references(parts.next().unwrap_or_default()),
        });
        let answer = self.one(Call::post("/Groups", body)).await?;
        self.groups.push((name.to_owned(), id(&answer)?.to_owned()));
        self.pass(SECOND);
        for part in parts {
            self.add_to(name, part).await?;
        }
        Ok(())
    }

    async fn group_new_people(&mut self) -> Result<(), CliError> {
        for (name, contains) in groups() {
            let new = self.people.iter().enumerate().skip(self.grouped);
            let inside: Vec<MemberId> = new
                .filter(|(number, _)| contains(&DemoPerson::number(*number), &name))
                .map(|(_, person)| person.id.clone())
                .collect();
            self.add_to(&name, &inside).await?;
        }
        self.grouped = self.people.len();
        Ok(())
    }

    async fn add_to(&mut self, group: &str, members: &[MemberId]) -> Result<(), CliError> {
        for part in members.chunks(MEMBERS) {
            let added = json!([{"op": "add", "path": "members", "value": references(part)}]);
            self.patch_group(group, &added).await?;
        }
        Ok(())
    }

    async fn patch_group(&mut self, group: &str, operations: &Value) -> Result<(), CliError> {
        let Some(path) = self.group(group).map(|id| ["/Groups/", id].concat()) else { return Ok(()) };
        self.one(Call::patch(path, patch(operations))).await?;
        self.pass(SECOND);
        Ok(())
    }

    async fn patch_user(&mut self, number: usize, operations: &Value) -> Result<(), CliError> {
        let Some(person) = self.people.get(number) else { return Ok(()) };
        self.one(Call::patch(format!("/Users/{}", person.id), patch(operations))).await?;
        self.pass(SECOND);
        Ok(())
    }

    /// Searches for people by userName, as a provider does before it creates or changes them.
    async fn look_up(&mut self, people: &[usize]) -> Result<(), CliError> {
        let host = self.host();
        let search = |number: &usize| {
            let user_name = DemoPerson::number(*number).user_name(&host);
            Call::get(format!("/Users?filter=userName%20eq%20%22{user_name}%22&startIndex=1&count=100"))
        };
        self.send(people.iter().map(search).collect()).await?;
        self.pass(SECOND);
        Ok(())
    }

    /// Reads all members and groups, as a provider does to compare them with its own.
    async fn import(&mut self) -> Result<(), CliError> {
        self.one(Call::get("/Users?startIndex=1&count=200")).await?;
        self.one(Call::get("/Groups?startIndex=1&count=200&excludedAttributes=members")).await?;
        self.pass(SECOND);
        Ok(())
    }

    async fn leave(&mut self, people: &[usize]) -> Result<(), CliError> {
        let at = self.at();
        for number in people {
            self.patch_user(*number, &json!([{"op": "replace", "value": {"active": false}}])).await?;
            if let Some(person) = self.people.get_mut(*number) {
                person.deactivated_at = person.deactivated_at.or(Some(at));
            }
        }
        Ok(())
    }

    async fn come_back(&mut self, number: usize) -> Result<(), CliError> {
        let Some(person) = self.people.get_mut(number).filter(|person| person.deactivated_at.is_some()) else {
            return Ok(());
        };
        person.deactivated_at = None;
        self.patch_user(number, &json!([{"op": "replace", "value": {"active": true}}])).await
    }

    async fn update(&mut self, number: usize) -> Result<(), CliError> {
        let Some(person) = self.people.get_mut(number).filter(|person| person.deactivated_at.is_none()) else {
            return Ok(());
        };
        let (path, value) = DemoPerson::number(number).change(person.changes);
        person.changes += 1;
        self.patch_user(number, &json!([{"op": "replace", "path": path, "value": value}])).await
    }

    /// Moves a person from the group of their first department to another one.
    async fn change_department(&mut self, number: usize, to: &str) -> Result<(), CliError> {
        let Some(id) = self.active(number).map(|person| person.id.clone()) else { return Ok(()) };
        let attribute = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
        self.patch_user(number, &json!([{"op": "replace", "path": attribute, "value": to}])).await?;
        let removed = json!([{"op": "remove", "path": format!("members[value eq \"{id}\"]")}]);
        self.patch_group(DemoPerson::number(number).department, &removed).await?;
        self.add_to(to, &[id]).await
    }

    /// Creates a person a second time, because the provider has two profiles with one userName. The API answers with 409.
    async fn duplicate(&mut self, number: usize) -> Result<(), CliError> {
        if self.active(number).is_none() {
            return Ok(());
        }
        self.look_up(&[number]).await?;
        let body = DemoPerson::number(number).second_document(&self.host());
        self.one(Call::post("/Users", Value::Object(body)).expecting(409)).await?;
        self.pass(SECOND);
        Ok(())
    }

    async fn one(&mut self, call: Call) -> Result<Value, CliError> {
        Ok(self.send(vec![call]).await?.pop().unwrap_or_default())
    }

    async fn send(&mut self, calls: Vec<Call>) -> Result<Vec<Value>, CliError> {
        let answers = self.api.send(&self.client, calls).await?;
        if self.api.is_full() {
            self.record().await;
        }
        Ok(answers)
    }

    /// Writes the sent requests. Old ones are dropped, because the server would delete them at once. The first ones are kept,
    /// because the setup guide names the first member.
    async fn record(&mut self) {
        let is_recent = self.stage.now - self.at() < RECORDED_DAYS * DAY;
        if is_recent || self.people.is_empty() {
            self.api.flush().await;
        } else {
            self.api.forget();
        }
    }

    pub(super) fn host(&self) -> String {
        format!("{}.test", self.stage.team.slug)
    }

    fn at(&self) -> UnixMs {
        self.stage.state.clock.now()
    }

    fn set(&self, now: UnixMs) {
        self.stage.time.forward_to(now);
    }

    fn pass(&self, time: UnixMs) {
        self.stage.time.forward_to(self.at() + time);
    }
}

fn id(answer: &Value) -> Result<&str, CliError> {
    answer.get("id").and_then(Value::as_str).ok_or_else(|| CliError::new("an answer has no id"))
}

fn references(members: &[MemberId]) -> Value {
    members.iter().map(|id| json!({"value": id.as_str()})).collect()
}

fn patch(operations: &Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}
