//! HTTP: the routes, and the layers of every response.
//!
//! From the outside in: `compress`, `request_context` (id, time limit, error body, headers, log), panics, `csrf`, `limits`, the
//! session, the handler. The SCIM API, the files and the health checks have neither cookies nor forms, so the last four layers
//! do not apply to them. The SAML ACS and the back-channel logout receive forms of other sites, so they are outside of the last
//! four too.

mod account;
mod activity;
mod appearance;
mod authentication;
mod chooser;
mod content_policy;
mod cookie;
mod device_cookie;
mod error_pages;
mod flash;
mod forbidden;
mod form;
mod form_redirects;
mod general;
mod groups;
mod guides;
mod health;
mod html;
mod invite;
mod keys;
mod members;
mod middleware;
mod request;
mod response_kind;
mod self_test;
mod session_cookie;
mod sign_in;
mod sse;
mod sso;
mod static_files;
mod verify;

pub use crate::request_id::RequestId;
use crate::{auth::session_store, scim_api, state::AppState};
use axum::{
    Router,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get, post},
};
use domain::Error;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;

/// All routes of Rollcall.
pub fn router(state: AppState) -> Router {
    let mut site = Router::new();
    for (_, path, handler) in site_routes() {
        site = site.route(path, handler);
    }
    for (path, back) in form_redirects::of(&site_paths()) {
        site = site.route(path, back);
    }
    let site = site.layer(
        ServiceBuilder::new()
            .layer(from_fn(middleware::secret_path::hide))
            .layer(from_fn_with_state(state.clone(), flash::layer))
            .layer(middleware::csrf::layer(&state.config.public_url))
            .layer(from_fn(middleware::limits::forms_only))
            .layer(from_fn_with_state(state.clone(), session_cookie::finish))
            .layer(session_store::layer(&state)),
    );
    let everything = Router::new()
        .merge(site)
        .merge(development())
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .merge(static_files::routes(&state.config))
        .route(sso::ACS, post(sso::acs))
        .route(sso::BACK_CHANNEL_LOGOUT, post(sso::back_channel_logout))
        .method_not_allowed_fallback(async || {
            error_pages::answer_with(StatusCode::METHOD_NOT_ALLOWED, Error::Malformed)
        })
        .fallback(async || error_pages::not_found())
        .with_state(state.clone())
        .nest_service("/scim/v2", scim_api::routes(state.clone()));
    with_common_layers(everything, &state)
}

/// The routes of debug builds: the gallery of all components.
#[cfg(debug_assertions)]
fn development() -> Router<AppState> {
    Router::new().route("/dev/components", get(html::gallery))
}

#[cfg(not(debug_assertions))]
fn development() -> Router<AppState> {
    Router::new()
}

fn with_common_layers(router: Router, state: &AppState) -> Router {
    router.layer(
        ServiceBuilder::new()
            .layer(middleware::compress::layer())
            .layer(from_fn_with_state(state.clone(), middleware::request_context::layer))
            .layer(CatchPanicLayer::custom(error_pages::panicked)),
    )
}

/// The address and method of every page, form and server function, for the tests that check each of them.
pub fn site_paths() -> Vec<(Method, &'static str)> {
    site_routes().into_iter().map(|(method, path, _)| (method, path)).collect()
}

type Route = (Method, &'static str, MethodRouter<AppState>);

/// All routes with cookies and forms. GET changes nothing, but `callback` and `finish` below `/sso` make a session.
fn site_routes() -> Vec<Route> {
    let page = |path, handler| (Method::GET, path, handler);
    let form = |path, handler| (Method::POST, path, handler);
    let mut routes: Vec<Route> = vec![
        page("/", get(chooser::chooser)),
        page("/sign-in", get(sign_in::sign_in_form)),
        form("/sign-in", post(sign_in::sign_in)),
        form("/sign-out", post(sign_in::sign_out)),
        form("/appearance", post(appearance::choose)),
        page("/invite/{token}", get(invite::show)),
        form("/invite/{token}", post(invite::accept)),
        page("/teams/{slug}", get(chooser::team)),
        page("/teams/{slug}/sign-in", get(sign_in::team_sign_in_form)),
        form("/teams/{slug}/sign-in", post(sign_in::team_sign_in)),
        page("/sso/{method}/start", get(sso::start)),
        page("/sso/{method}/oidc/callback", get(sso::callback)),
        page("/sso/{method}/sign-out", get(sso::sign_out)),
        page("/sso/{method}/link", get(sso::link)),
        form("/sso/{method}/link", post(sso::confirm_link)),
        page("/sso/{method}/saml/finish", get(sso::finish)),
        page("/sso/{method}/saml/metadata", get(sso::metadata)),
        page("/teams/{slug}/verify", get(verify::verify_form)),
        form("/teams/{slug}/verify", post(verify::verify)),
        page("/teams/{slug}/account", get(account::show)),
        page("/teams/{slug}/settings", get(chooser::team)),
        page("/teams/{slug}/settings/general", get(general::show)),
        page("/teams/{slug}/settings/members", get(members::list)),
        page("/teams/{slug}/settings/members/export", get(members::export)),
        form("/teams/{slug}/settings/members/roles", post(members::submit_roles)),
        form("/teams/{slug}/settings/members/invite", post(members::submit_invite)),
        page("/teams/{slug}/settings/members/{id}", get(members::detail)),
        page("/teams/{slug}/settings/groups", get(groups::list)),
        page("/teams/{slug}/settings/groups/{id}", get(groups::detail)),
        form("/teams/{slug}/settings/groups/{id}/role", post(groups::set_role)),
        page("/teams/{slug}/settings/authentication", get(authentication::show)),
        page("/teams/{slug}/settings/authentication/methods/{id}", get(authentication::method::show)),
        form("/teams/{slug}/settings/authentication/methods/{id}/match", post(authentication::method::set_link_rule)),
        page("/teams/{slug}/settings/authentication/guides", get(guides::guides)),
        page("/teams/{slug}/settings/authentication/guides/{provider}", get(guides::guide)),
        page("/teams/{slug}/settings/authentication/guides/{provider}/events", get(guides::guide_events)),
        page("/teams/{slug}/settings/authentication/self-test", get(self_test::show)),
        form("/teams/{slug}/settings/authentication/self-test", post(self_test::start)),
        page("/teams/{slug}/settings/authentication/self-test/events", get(self_test::events)),
        page("/teams/{slug}/settings/activity", get(activity::activity)),
        page("/teams/{slug}/settings/activity/export", get(activity::export)),
        page("/teams/{slug}/settings/activity/events", get(activity::events)),
        form("/teams/{slug}/settings/authentication/keys/generate", post(keys::generate)),
        form("/teams/{slug}/settings/authentication/keys/roll", post(keys::roll)),
    ];
    routes.extend(members::action_paths().map(|(path, action)| {
        form(path, post(async move |request, at, body| members::submit_action(request, at, body, action).await))
    }));
    routes.extend(account::paths().map(|(path, which)| {
        form(path, post(async move |request, at, body| account::submit(request, at, body, which).await))
    }));
    routes.extend(general::paths().map(|(path, which)| {
        form(path, post(async move |request, at, body| general::submit(request, at, body, which).await))
    }));
    routes.extend(authentication::paths().into_iter().map(|path| form(path, post(authentication::submit))));
    routes
}

/// Redirects to a local path, with GET. A path that is not valid in a header leads to the start page.
fn see_other(path: &str) -> Response {
    let path = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

/// Sets `Retry-After`, in whole seconds (RFC 9110, section 10.2.3).
fn retry_after(response: &mut Response, seconds: Option<i64>) {
    if let Some(seconds) = seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::Clock, config::Config, last_used::LastUsed, request_log::Recorder, secrets::Secrets, state::Parts,
    };
    use axum::{body::Body, extract::Request};
    use http_body_util::BodyExt as _;
    use store::Store;
    use tower::ServiceExt as _;

    /// The common layers, around handlers that fail.
    async fn broken() -> (tempfile::TempDir, Router) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/test.db", folder.path().display());
        let state = AppState::new(Parts {
            store: Store::connect(&url).await.unwrap(),
            secrets: Secrets::from_bytes(&[7; 32]).into(),
            config: Config {
                addr: ([127, 0, 0, 1], 0).into(),
                admin_addr: None,
                public_url: "https://rollcall.test".into(),
                site_root: folder.path().into(),
                contact: None,
                scim_rate: 0,
                scim_burst: 0,
                trusted_proxies: Vec::new(),
                private_networks: Vec::new(),
                activity_days: 90,
                request_days: 30,
            },
            assets: app::document::Assets { js: "/j".into(), wasm: "/w".into(), css: "/c".into() },
            clock: Clock::from_fn(|| 0),
            last_used: LastUsed::new(),
            recorder: Recorder::new(),
        });
        let panics = async || -> &'static str { panic!("the secret reason") };
        let sleeps = async || {
            std::future::pending::<()>().await;
            "never"
        };
        let router = Router::new()
            .route("/panics", get(panics))
            .route("/api/panics", get(panics))
            .route("/scim/v2/panics", get(panics))
            .route("/sleeps", get(sleeps));
        (folder, with_common_layers(router, &state))
    }

    async fn send(router: &Router, path: &str) -> (u16, String, String) {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        (parts.status.as_u16(), parts.headers["content-type"].to_str().unwrap().to_owned(), body)
    }

    #[tokio::test]
    async fn a_panic_ends_only_its_request_with_an_error_in_the_accepted_kind() {
        let (_folder, router) = broken().await;
        for (path, kind, words) in [
            ("/panics", "text/html; charset=utf-8", "Something went wrong"),
            ("/api/panics", "application/json", "\"internal\""),
            ("/scim/v2/panics", "application/scim+json", "\"status\":\"500\""),
        ] {
            let (status, content_type, body) = send(&router, path).await;
            assert_eq!((status, content_type.as_str()), (500, kind), "{path}");
            assert!(body.contains(words) && !body.contains("secret reason"), "{path}: {body}");
        }
    }

    #[tokio::test]
    async fn a_request_that_exceeds_the_time_limit_ends() {
        let (_folder, router) = broken().await;
        let (status, _, body) = send(&router, "/sleeps").await;
        assert_eq!(status, 503);
        assert!(body.contains("can't reach its database"), "{body}");
    }
}
