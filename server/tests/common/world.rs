//! A team with members, created by the real service, and a clock that the test sets.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::db::Db;
use domain::Error;
use domain::{
    UnixMs,
    activity::Entry,
    id::{MemberId, MethodId, TeamId},
    key::{Expiry, ScimKey},
    plan::Plan,
    role::{Role, Roles},
    sso::{MethodForm, SsoMethod},
};
use server::{
    clock::Clock,
    secrets::Secrets,
    service::{Actor, NewPerson, NewScimKey, Service},
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use store::Condition;
use store::Store;

/// 2026-06-01T00:00:00Z: a time at which the certificates of the tests are valid.
pub const START: UnixMs = 1_780_272_000_000;

/// A database with the team "Acme" (`acme`, Enterprise) and Ada, its Super Admin.
#[derive(Clone)]
pub struct World {
    pub db: Db,
    pub secrets: Arc<Secrets>,
    pub clock: Clock,
    now: Arc<AtomicI64>,
    pub team: TeamId,
    pub ada: MemberId,
}

impl World {
    pub async fn new(db: Db) -> Self {
        let now = Arc::new(AtomicI64::new(START));
        let clock = Clock::from_fn({
            let now = now.clone();
            move || now.load(Ordering::SeqCst)
        });
        let secrets = Arc::new(Secrets::from_bytes(&[7; 32]));
        let service = Service::new(&db.store, &secrets, &clock, Actor::Operator);
        let owner = person("Ada Lovelace", "ada@acme.test", Role::SuperAdmin);
        let team = service.team_create("acme", "Acme", Plan::Enterprise, owner).await.unwrap();
        let ada = db.store.scim_users(&team.id, &Condition::All, 0, 1).await.unwrap().1[0].id.clone();
        Self { db, secrets, clock, now, team: team.id, ada }
    }

    /// As [`World::new`], with one enabled SSO method "Okta": SCIM provisioning can be turned on.
    pub async fn ready(db: Db) -> Self {
        let world = Self::new(db).await;
        world.operator().sso_add("acme", oidc("Okta"), true).await.unwrap();
        world
    }

    /// As [`World::ready`], with SCIM provisioning on.
    pub async fn on(db: Db) -> Self {
        let world = Self::ready(db).await;
        world.operator().scim_turn_on("acme").await.unwrap();
        world
    }

    pub fn store(&self) -> &Store {
        &self.db.store
    }

    pub fn now(&self) -> UnixMs {
        self.now.load(Ordering::SeqCst)
    }

    pub fn pass(&self, time: UnixMs) {
        self.now.fetch_add(time, Ordering::SeqCst);
    }

    pub fn operator(&self) -> Service<'_> {
        Service::new(self.store(), &self.secrets, &self.clock, Actor::Operator)
    }

    pub fn by(&self, member: &MemberId) -> Service<'_> {
        let actor = Actor::Member { id: member.clone(), address: Some("192.0.2.1".into()) };
        Service::new(self.store(), &self.secrets, &self.clock, actor)
    }

    pub fn ada(&self) -> Service<'_> {
        self.by(&self.ada)
    }

    /// Adds a member with this role.
    pub async fn member(&self, role: Role) -> MemberId {
        let email = format!("{}@acme.test", role.name());
        self.operator().member_add("acme", person(role.label(), &email, role)).await.unwrap()
    }

    /// Adds this many members of the directory without the service, which is fast: `b00000` is "Bulk 00000", and so on.
    pub async fn bulk(&self, count: usize) {
        let (team, developer) = (&self.team, Roles::of(Role::Developer).bits());
        let rows: Vec<String> = (0..count)
            .map(|n| {
                format!(
                    "('b{n:05}', '{team}', 'u{n}', 'u{n}', 'Bulk {n:05}', 'bulk {n:05}', 'u{n}@x.test', 'u{n}@x.test', \
                     '{{}}', 'active', 'directory', {developer}, 1, 1)"
                )
            })
            .collect();
        for part in rows.chunks(600) {
            self.db
                .sql(&format!(
                    "INSERT INTO members (id, team_id, user_name, user_name_key, display_name, display_name_key, email, \
                     email_key, document, status, source, roles, created_at, updated_at) VALUES {}",
                    part.join(", ")
                ))
                .await;
        }
        let count_expression = format!("member_count = member_count + {count}, revision = revision + 1");
        self.db.sql(&format!("UPDATE teams SET {count_expression} WHERE id = '{team}'")).await;
    }

    pub async fn key(&self, name: &str) -> NewScimKey {
        self.ada().key_generate("acme", name, Expiry::Days365).await.unwrap()
    }

    pub async fn keys(&self) -> Vec<ScimKey> {
        self.store().authentication_data(&self.team, self.now()).await.unwrap().keys
    }

    /// The key's current record.
    pub async fn key_record(&self, key: &ScimKey) -> ScimKey {
        self.store().key_by_id(&key.id).await.unwrap().unwrap().key
    }

    pub async fn methods(&self) -> Vec<SsoMethod> {
        self.store().authentication_data(&self.team, self.now()).await.unwrap().methods
    }

    pub async fn method(&self, name: &str) -> MethodId {
        self.methods().await.into_iter().find(|method| method.name == name).unwrap().id
    }

    pub async fn is_on(&self) -> bool {
        self.store().team_by_slug("acme").await.unwrap().unwrap().scim_on
    }

    /// The log, newest entry first.
    pub async fn log(&self) -> Vec<Entry> {
        self.store().activity_page(&self.team, None, 1000).await.unwrap().0
    }

    /// The sentence of the newest entry about a change: not about a sign-in.
    pub async fn last_entry(&self) -> String {
        let log = self.log().await.into_iter();
        let is_sign_in =
            |name| matches!(name, "signed_in" | "signed_out" | "sign_in_failed" | "stepped_up" | "step_up_failed");
        let mut changes = log.filter(|entry| !is_sign_in(entry.change.name()));
        let entry = changes.next().unwrap();
        let (verb, object) = entry.change.sentence();
        format!("{verb} {object}")
    }
}

pub fn person<'a>(name: &'a str, email: &'a str, role: Role) -> NewPerson<'a> {
    NewPerson { name, email, role, password_hash: Some("$argon2id$".into()) }
}

/// A form for an OpenID Connect method.
pub fn oidc(name: &str) -> MethodForm {
    MethodForm {
        provider: "okta".into(),
        protocol: "oidc".into(),
        name: name.into(),
        issuer: "https://acme.okta.test".into(),
        client_id: "rollcall".into(),
        client_secret: "hunter2-hunter2".into(),
        ..MethodForm::default()
    }
}

/// The error of a rejected change.
pub fn rejection<T>(result: Result<T, Error>) -> Error {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(failure) => failure,
    }
}
