//! A server on a test's own database, and an identity provider that speaks to it.

use crate::{db::Db, world::World};
use app::document::Assets;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header, request::Builder},
};
use serde_json::Value;
use server::{
    config::Config,
    scim::{last_used::LastUsed, record::Recorder},
    secrets::Secrets,
    state::{AppState, Parts},
};
use tower::ServiceExt as _;

pub(crate) const BASE: &str = "https://rollcall.test/scim/v2";

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

    /// With a limit of `rate` requests a minute and `burst` at once.
    pub(crate) async fn limited(db: Db, rate: u32, burst: u32) -> Self {
        let world = World::on(db).await;
        let key = world.key("Okta").await.key.expose().to_owned();
        let state = AppState::new(Parts {
            store: world.store().clone(),
            secrets: Secrets::from_bytes(&[7; 32]),
            config: Config {
                addr: ([127, 0, 0, 1], 0).into(),
                admin_addr: None,
                public_url: "https://rollcall.test".into(),
                site_root: "does-not-exist".into(),
                contact: None,
                scim_rate: rate,
                scim_burst: burst,
                trusted_proxies: Vec::new(),
                activity_days: 90,
                request_days: 30,
            },
            assets: Assets { js: String::new(), wasm: String::new(), css: String::new() },
            clock: world.clock.clone(),
            last_used: LastUsed::new(),
            recorder: Recorder::new(),
        });
        Self { world, router: server::router(state.clone()), state, key }
    }

    /// GET with the team's key.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &self.key).await
    }

    /// GET with another key.
    pub(crate) async fn get_with(&self, path: &str, key: &str) -> Answer {
        self.send(self.request(Method::GET, path, key)).await
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

    /// Sends it, and checks what holds for every answer.
    pub(crate) async fn send_body(&self, request: Builder, body: Body) -> Answer {
        let request = request.body(body).unwrap();
        let head = request.method() == Method::HEAD;
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
        assert_eq!(headers[header::CONTENT_TYPE], "application/scim+json", "{status} {body}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{status} {body}");
        assert!(!headers.contains_key(header::SET_COOKIE));
        let json = if head { Value::Null } else { serde_json::from_str(&body).unwrap() };
        if !head && !status.is_success() {
            assert_eq!(json["schemas"], serde_json::json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
            assert_eq!(json["status"], status.as_str());
            assert!(json["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{json}");
        }
        Answer { status, headers, body, json }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) json: Value,
}

impl Answer {
    /// The status and, of a refusal, `scimType` and detail.
    pub(crate) fn said(&self) -> String {
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

    /// One member of each resource in a list.
    pub(crate) fn each(&self, name: &str) -> Vec<String> {
        let resources = self.json["Resources"].as_array().unwrap();
        resources.iter().map(|resource| resource[name].as_str().unwrap().to_owned()).collect()
    }

    /// `totalResults`, `startIndex`, `itemsPerPage`.
    pub(crate) fn counts(&self) -> [u64; 3] {
        ["totalResults", "startIndex", "itemsPerPage"].map(|name| self.json[name].as_u64().unwrap())
    }
}
