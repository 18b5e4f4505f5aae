//! A server on a database of the test, and an identity provider as its client.

use crate::{db::Db, world::World};
use app::document::Assets;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header, request::Builder},
};
use domain::{activity::ActivityActor, id::MemberId, key::Expiry};
use serde_json::{Value, json};
use server::{
    budget::BudgetLimits,
    config::Config,
    last_used::LastUsed,
    request_log::Recorder,
    secrets::Secrets,
    state::{AppState, Parts},
};
use store::Quotas;
use tower::ServiceExt as _;

pub(crate) const BASE: &str = "https://rollcall.test/scim/v2";
pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The team "Acme" with SCIM provisioning on and one key.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) world: World,
    pub(crate) state: AppState,
    pub(crate) key: String,
    router: Router,
}

impl Api {
    pub(crate) async fn new(db: Db) -> Self {
        Self::limited(db, 0, 0).await
    }

    /// The server with a limit of `rate` requests per minute and a burst of `burst`.
    pub(crate) async fn limited(db: Db, rate: u32, burst: u32) -> Self {
        Self::bounded(db, rate, burst, Quotas::default(), BudgetLimits::default()).await
    }

    /// The server with quotas for each team.
    pub(crate) async fn with_quotas(db: Db, quotas: Quotas) -> Self {
        Self::bounded(db, 0, 0, quotas, BudgetLimits::default()).await
    }

    /// The server with other cost limits of requests.
    pub(crate) async fn with_limits(db: Db, limits: BudgetLimits) -> Self {
        Self::bounded(db, 0, 0, Quotas::default(), limits).await
    }

    async fn bounded(db: Db, rate: u32, burst: u32, quotas: Quotas, limits: BudgetLimits) -> Self {
        let world = World::on(db).await;
        let key = world.key("Okta").await.key.expose().to_owned();
        Self::serving(world, key, rate, burst, quotas, limits)
    }

    /// Another process on the same database, with the same limit and the same key.
    pub(crate) fn another(&self, rate: u32, burst: u32) -> Self {
        Self::serving(self.world.clone(), self.key.clone(), rate, burst, Quotas::default(), BudgetLimits::default())
    }

    fn serving(world: World, key: String, rate: u32, burst: u32, quotas: Quotas, limits: BudgetLimits) -> Self {
        let parts = Parts {
            store: world.store().clone().with_quotas(quotas),
            secrets: Secrets::from_bytes(&[7; 32]).into(),
            config: Config {
                addr: ([127, 0, 0, 1], 0).into(),
                admin_addr: None,
                public_url: "https://rollcall.test".into(),
                site_root: "does-not-exist".into(),
                contact: None,
                scim_rate: rate,
                scim_burst: burst,
                trusted_proxies: Vec::new(),
                private_networks: Vec::new(),
                activity_days: 90,
                request_days: 30,
            },
            assets: Assets { js: String::new(), wasm: String::new(), css: String::new() },
            clock: world.clock.clone(),
            last_used: LastUsed::new(),
            recorder: Recorder::new(),
        };
        let state = AppState::with_limits(parts, limits);
        Self { world, router: server::router(state.clone()), state, key }
    }

    /// The whole router, for requests over a socket.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// GET with the team's key.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &self.key).await
    }

    /// GET with another key.
    pub(crate) async fn get_with(&self, path: &str, key: &str) -> Answer {
        self.send(self.request(Method::GET, path, key)).await
    }

    /// POST with the team's key.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, body).await
    }

    /// PUT with the team's key.
    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::PUT, path, body).await
    }

    /// PATCH with these operations and the team's key.
    pub(crate) async fn patch(&self, path: &str, operations: Value) -> Answer {
        self.call(Method::PATCH, path, &patch_of(operations)).await
    }

    /// DELETE with the team's key.
    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path, &self.key)).await
    }

    /// Any method with the team's key and a JSON body.
    pub(crate) async fn call(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.raw(method, path, body.to_string()).await
    }

    /// Any method with the team's key and a body of any bytes.
    pub(crate) async fn raw(&self, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        let request = self.request(method, path, &self.key).header(header::CONTENT_TYPE, "application/scim+json");
        self.send_body(request, body.into()).await
    }

    /// GET with a filter.
    pub(crate) async fn find(&self, path: &str, filter: &str) -> Answer {
        self.get(&format!("{path}?filter={}", encoded(filter))).await
    }

    /// Creates a User with this userName. Returns the id.
    pub(crate) async fn user(&self, user_name: &str) -> String {
        self.create("/Users", &json!({"schemas": [USER], "userName": user_name})).await
    }

    /// Creates a Group with these members. Returns the id.
    pub(crate) async fn group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<_> = members.iter().map(|id| json!({"value": id})).collect();
        self.create("/Groups", &json!({"schemas": [GROUP], "displayName": name, "members": members})).await
    }

    async fn create(&self, path: &str, body: &Value) -> String {
        let answer = self.post(path, body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.id()
    }

    /// The same server with a key that another member generated.
    pub(crate) async fn key_of(&self, maker: &MemberId) -> Self {
        let key = self.world.by(maker).key_generate("acme", "Other", Expiry::Days365).await.unwrap();
        self.with_key(key.key.expose())
    }

    /// The same server with another key.
    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self { key: key.to_owned(), ..self.clone() }
    }

    /// The changes by identity providers in the log, oldest first.
    pub(crate) async fn provider_changes(&self) -> Vec<String> {
        let mut log = self.world.log().await;
        log.reverse();
        log.retain(|entry| matches!(entry.actor, ActivityActor::Provider { .. }));
        log.iter().map(|entry| entry.change.sentence()).map(|(verb, object)| format!("{verb} {object}")).collect()
    }

    /// A text column of the member's row.
    pub(crate) async fn column(&self, column: &str, member: &str) -> Option<String> {
        self.world.db.text(&format!("SELECT CAST({column} AS TEXT) FROM members WHERE id = '{member}'")).await
    }

    /// A request with a key, to be completed.
    pub(crate) fn request(&self, method: Method, path: &str, key: &str) -> Builder {
        Request::builder()
            .method(method)
            .uri(format!("/scim/v2{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
    }

    pub(crate) async fn send(&self, request: Builder) -> Answer {
        self.send_body(request, Body::empty()).await
    }

    /// Sends a request, and checks the properties of every response.
    pub(crate) async fn send_body(&self, request: Builder, body: Body) -> Answer {
        let request = request.body(body).unwrap();
        let head = request.method() == Method::HEAD;
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
        assert_eq!(headers[header::CONTENT_TYPE], "application/scim+json", "{status} {body}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{status} {body}");
        assert!(!headers.contains_key(header::SET_COOKIE));
        let empty = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
        assert!(!empty || body.is_empty(), "{status} {body}");
        let json = if head || empty { Value::Null } else { serde_json::from_str(&body).unwrap() };
        if !head && !empty && !status.is_success() {
            assert_eq!(json["schemas"], serde_json::json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
            assert_eq!(json["status"], status.as_str());
            assert!(json["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{json}");
        }
        Answer { status, headers, body, json }
    }
}

/// A PATCH message.
pub(crate) fn patch_of(operations: Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}

/// The text in percent-encoding.
pub(crate) fn encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encode).collect()
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) json: Value,
}

impl Answer {
    /// The status and, for an error, `scimType` and detail.
    pub(crate) fn summary(&self) -> String {
        let text = |name: &str| self.json[name].as_str().unwrap_or_default().to_owned();
        [self.status.as_str().to_owned(), text("scimType"), text("detail")]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub(crate) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The resource's id.
    pub(crate) fn id(&self) -> String {
        self.json["id"].as_str().unwrap_or_else(|| panic!("no id: {} {}", self.status, self.body)).to_owned()
    }

    /// The resource's version.
    pub(crate) fn tag(&self) -> &str {
        self.header(header::ETAG)
    }

    /// The ids of a Group's members, sorted.
    pub(crate) fn members(&self) -> Vec<String> {
        let members = self.json["members"].as_array().map_or(&[][..], Vec::as_slice);
        let mut ids: Vec<_> = members.iter().map(|member| member["value"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    }

    /// The values of one attribute of all resources in a list.
    pub(crate) fn each(&self, name: &str) -> Vec<String> {
        let resources = self.json["Resources"].as_array().unwrap();
        resources.iter().map(|resource| resource[name].as_str().unwrap().to_owned()).collect()
    }

    /// `totalResults`, `startIndex`, `itemsPerPage`.
    pub(crate) fn counts(&self) -> [u64; 3] {
        ["totalResults", "startIndex", "itemsPerPage"].map(|name| self.json[name].as_u64().unwrap())
    }
}
