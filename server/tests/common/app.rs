//! The whole program in process, on a test's own database, with browsers.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::{db::Db, world::World};
use app::{document::Assets, form_encoding};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, Response, StatusCode, header, request::Builder},
};
use domain::{plan::Plan, role::Role};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use server::{
    config::Config,
    last_used::LastUsed,
    password_hashing::{Hashing, password},
    request_log::Recorder,
    secrets::Secrets,
    service::NewPerson,
    state::{AppState, Parts},
};
use std::{collections::BTreeMap, net::SocketAddr};
use tokio::sync::OnceCell;
use tower::ServiceExt as _;

/// The password of all members.
pub const PASSWORD: &str = "violet harbour 17 lamps";

/// The `Accept` header of a browser for a page.
pub const PAGE: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
/// The `Accept` header of the scripts of a page.
pub const JSON: &str = "application/json";

/// The program with the team "Acme" (one enabled SSO method, SCIM provisioning off) and Ada, its Super Admin.
#[derive(Clone)]
pub struct TestApp {
    pub world: World,
    pub state: AppState,
    pub router: Router,
}

impl TestApp {
    pub async fn new(db: Db) -> Self {
        Self::at(db, "https://rollcall.test").await
    }

    /// The program with SCIM provisioning on.
    pub async fn on(db: Db) -> Self {
        let app = Self::new(db).await;
        app.world.operator().scim_turn_on("acme").await.unwrap();
        app
    }

    /// The program at this public URL.
    pub async fn at(db: Db, public_url: &str) -> Self {
        Self::with(db, |config| config.public_url = public_url.into()).await
    }

    /// The program with another configuration.
    pub async fn with(db: Db, configure: impl FnOnce(&mut Config)) -> Self {
        let world = World::ready(db).await;
        world.db.sql(&format!("UPDATE members SET password_hash = '{}'", hash().await)).await;
        let mut config = Config {
            addr: ([127, 0, 0, 1], 0).into(),
            admin_addr: None,
            public_url: "https://rollcall.test".into(),
            site_root: "does-not-exist".into(),
            contact: Some("sales@rollcall.test".into()),
            scim_rate: 0,
            scim_burst: 0,
            trusted_proxies: Vec::new(),
            private_networks: Vec::new(),
            activity_days: 90,
            request_days: 30,
        };
        configure(&mut config);
        let state = AppState::new(parts(&world, config));
        Self { world, router: server::router(state.clone()), state }
    }

    /// Another process on the same database, with this queue for hashing passwords.
    pub fn another(&self, hashing: Hashing) -> Self {
        let state = AppState::with_hashing(parts(&self.world, self.state.config.clone()), hashing);
        Self { world: self.world.clone(), router: server::router(state.clone()), state }
    }

    /// Adds a member of "Acme" with this role. The email is derived from the role: `billing@acme.test`.
    pub async fn member(&self, role: Role) -> String {
        let email = format!("{}@acme.test", role.name());
        self.add("acme", role.label(), &email, role).await;
        email
    }

    /// Adds a member to a team.
    pub async fn add(&self, team: &str, name: &str, email: &str, role: Role) {
        let person = NewPerson { name, email, role, password_hash: Some(hash().await) };
        self.world.operator().member_add(team, person).await.unwrap();
    }

    /// Adds this many Developers to Acme: Member 000 is `m000@acme.test`, and so on.
    pub async fn people(&self, count: usize) {
        for number in 0..count {
            self.add("acme", &format!("Member {number:03}"), &format!("m{number:03}@acme.test"), Role::Developer).await;
        }
    }

    /// The id of the member with this email.
    pub async fn id(&self, email: &str) -> String {
        self.world.db.text(&format!("SELECT id FROM members WHERE email = '{email}'")).await.unwrap()
    }

    /// Creates another team, with a Super Admin.
    pub async fn team(&self, slug: &str, name: &str, owner_email: &str) {
        let owner = NewPerson {
            name: "Grace Hopper",
            email: owner_email,
            role: Role::SuperAdmin,
            password_hash: Some(hash().await),
        };
        self.world.operator().team_create(slug, name, Plan::Enterprise, owner).await.unwrap();
    }

    /// A new key of Acme, in clear.
    pub async fn key(&self, name: &str) -> String {
        self.world.key(name).await.key.expose().to_owned()
    }

    /// Sends a SCIM request as Okta does, with this key. It is only recorded if the test runs the recorder.
    pub async fn scim(&self, key: &str, method: Method, path: &str, body: &str) -> Answer {
        self.scim_as("Okta SCIM Client 1.0.0", key, method, path, body).await
    }

    /// Sends a SCIM request as another client.
    pub async fn scim_as(&self, agent: &str, key: &str, method: Method, path: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/scim/v2{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::USER_AGENT, agent)
            .body(Body::from(body.to_owned()))
            .unwrap();
        Answer::read(self.router.clone().oneshot(request).await.unwrap()).await
    }

    /// A browser without a sign-in.
    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), address: ([192, 0, 2, 7], 40_000).into() }
    }

    /// A browser in which this person just signed in.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }

    /// A browser in which Ada just signed in.
    pub async fn ada(&self) -> Browser {
        self.signed_in("ada@acme.test").await
    }

    /// The id of Acme's only SSO method.
    pub async fn okta(&self) -> String {
        self.world.method("Okta").await.to_string()
    }
}

fn parts(world: &World, config: Config) -> Parts {
    Parts {
        store: world.store().clone(),
        secrets: Secrets::from_bytes(&[7; 32]).into(),
        config,
        assets: Assets {
            js: "/pkg/rollcall.0123456789abcdef.js".into(),
            wasm: "/pkg/rollcall.0123456789abcdef.wasm".into(),
            css: "/pkg/rollcall.0123456789abcdef.css".into(),
        },
        clock: world.clock.clone(),
        last_used: LastUsed::new(),
        recorder: Recorder::new(),
    }
}

/// The hash of [`PASSWORD`], computed once, because hashing is slow.
async fn hash() -> String {
    static HASH: OnceCell<String> = OnceCell::const_new();
    let make = || async { password::hash(SecretString::from(PASSWORD)).await.unwrap() };
    HASH.get_or_init(make).await.clone()
}

/// The hash of another password.
pub async fn hash_of(password: &str) -> String {
    password::hash(SecretString::from(password)).await.unwrap()
}

/// A browser with its cookies.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    pub address: SocketAddr,
}

impl Browser {
    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).header(header::ACCEPT, PAGE), Body::empty()).await
    }

    /// Sends a form of a page, without JavaScript.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.submit(path, PAGE, form).await
    }

    /// Sends a form of a page with JavaScript.
    pub async fn api(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.submit(path, JSON, form).await
    }

    pub async fn submit(&mut self, path: &str, accept: &str, form: &[(&str, &str)]) -> Answer {
        let form: Vec<_> = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request = self.form(path).header(header::ACCEPT, accept);
        self.send(request, Body::from(form_encoding::write(&form))).await
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("email", email), ("password", password)]).await
    }

    /// A request with this browser's cookies, to be completed.
    pub fn request(&self, method: Method, path: &str) -> Builder {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "rollcall.test")
            .extension(ConnectInfo(self.address));
        if cookies.is_empty() { request } else { request.header(header::COOKIE, cookies.join("; ")) }
    }

    /// A form request of a page of Rollcall.
    pub fn form(&self, path: &str) -> Builder {
        self.request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
    }

    /// Sends a request, and returns the response with its unread body.
    pub async fn fetch(&self, request: Builder) -> Response<Body> {
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    /// Sends a request, and keeps the cookies of its response.
    pub async fn send(&mut self, request: Builder, body: Body) -> Answer {
        let request = request.body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Answer::read(response).await
    }

    /// The name and value of the device cookie.
    pub fn device(&self) -> Option<(String, String)> {
        let is_device_cookie = |(name, _): &(&String, &String)| name.ends_with("rollcall-device");
        self.cookies.iter().find(is_device_cookie).map(|(name, value)| (name.clone(), value.clone()))
    }

    /// The value of the session's cookie.
    pub fn session(&self) -> Option<&str> {
        self.cookies.get("__Host-rollcall").or_else(|| self.cookies.get("rollcall")).map(String::as_str)
    }
}

/// A response.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Self { status: parts.status, headers: parts.headers, body }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The status, and the target of a redirect.
    pub fn summary(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.header("location")).trim_end().to_owned()
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.body))
    }

    /// The page's title, without the product's name.
    pub fn title(&self) -> &str {
        let (_, rest) =
            self.body.split_once("<title>").unwrap_or_else(|| panic!("no page: {} {}", self.status, self.body));
        rest.split_once(" · Rollcall</title>").unwrap().0
    }

    /// The visible text of the page, with single spaces.
    pub fn text(&self) -> String {
        let body = self.body.split_once("<body").map_or("", |(_, body)| body);
        words(body.split("<svg hidden").next().unwrap())
    }

    /// Whether the page has exactly this neutral note, and no alert.
    pub fn has_note(&self, note: &str) -> bool {
        let status = self.body.split_once("<div role=\"status\">").map(|(_, rest)| rest);
        let banner = status.and_then(|rest| rest.split_once("data-tone=\"accent\"")).map(|(_, rest)| rest);
        let text_of_banner = banner.and_then(|rest| rest.split("</div>").next()).map(words);
        text_of_banner.as_deref() == Some(note) && self.alert().is_none()
    }

    /// Whether the page shows these words.
    pub fn shows(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// The target of the link with this label.
    pub fn href(&self, label: &str) -> String {
        let (before, _) = self.body.split_once(&format!("aria-label=\"{label}\"")).unwrap_or_else(|| panic!("{label}"));
        let (_, tag) = before.rsplit_once('<').unwrap();
        unescape(tag.split_once("href=\"").unwrap().1.split_once('"').unwrap().0)
    }

    /// The value of the first input with this name.
    pub fn value(&self, name: &str) -> Option<String> {
        let (before, after) = self.body.split_once(&format!(" name=\"{name}\""))?;
        let tag = [before.rsplit_once('<')?.1, after.split_once('>')?.0].concat();
        Some(unescape(tag.split_once(" value=\"")?.1.split_once('"')?.0))
    }

    /// The `id` of the open dialog.
    pub fn dialog(&self) -> Option<String> {
        let tags = self.body.split("<dialog ").skip(1).map(|rest| rest.split_once('>').unwrap().0);
        let open = tags.into_iter().find(|tag| tag.split(' ').any(|part| part == "open" || part == "open=\"\""))?;
        Some(unescape(open.split_once("id=\"")?.1.split_once('"')?.0))
    }

    /// The error of a field of the returned form.
    pub fn field_error(&self, name: &str) -> Option<String> {
        let slot = format!(" data-error=\"{name}\"");
        self.body.split(&slot).skip(1).find_map(|rest| {
            let (tag, inside) = rest.split_once('>')?;
            let text = inside.split_once("<span>")?.1.split_once("</span>")?.0;
            (!tag.contains("hidden")).then(|| unescape(&text.replace("<!>", "")))
        })
    }

    /// The text of the alert.
    pub fn alert(&self) -> Option<String> {
        let mut alerts = self.body.split(" data-alert").skip(1);
        alerts.find_map(|rest| {
            let (tag, inside) = rest.split_once('>')?;
            let text = inside.split_once("<div class=\"grow\">")?.1.split_once("</div>")?.0;
            (!tag.contains("hidden")).then(|| unescape(&text.replace("<!>", "")))
        })
    }

    /// The slugs in the team switcher.
    pub fn teams(&self) -> Vec<String> {
        let menu = self.body.split_once(" id=\"teams\"").unwrap_or_else(|| panic!("no switcher: {}", self.text())).1;
        let links = menu.split_once("</div>").unwrap().0.split(" href=\"/teams/").skip(1);
        links.map(|link| link.split_once('"').unwrap().0.to_owned()).collect()
    }

    /// The value of a field with several lines.
    pub fn lines(&self, name: &str) -> Option<String> {
        let rest = self.body.split_once(&format!(" name=\"{name}\""))?.1;
        Some(unescape(rest.split_once('>')?.1.split_once("</textarea>")?.0))
    }
}

/// The words of a piece of HTML that begins within a tag, with single spaces.
fn words(html: &str) -> String {
    let mut text = String::new();
    for piece in html.replace("<!>", "").split('<').skip(1) {
        text.push(' ');
        text.push_str(piece.split_once('>').map_or("", |(_, words)| words));
    }
    unescape(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn unescape(html: &str) -> String {
    let text = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'");
    text.replace("&amp;", "&")
}
