//! The HTML document around the screens.
//!
//! The icons and one small script follow the screen. The script starts the browser's part. It has the nonce of the
//! Content-Security-Policy, and no other style or script is inline.

use crate::{
    components::icon::write_sprite,
    model::{Connection, Content, Event, Guide, Health, Page, TestRun, Theme},
    pages::{
        self, Screen, ScreenProps,
        activity::{Events, EventsProps, Gap, GapProps},
        authentication::{
            connection::{ConnectionHealth, ConnectionHealthProps},
            reveal::{KeyReveal, KeyRevealProps},
        },
        guides::{Waiting, WaitingProps},
        members::{InviteLink, InviteLinkProps},
        self_test::{TestResult, TestResultProps},
    },
};
use domain::UnixMs;
use leptos::{
    prelude::*,
    reactive::owner::Owner,
    tachys::view::{Position, RenderHtml},
};

/// The hashed names of the built files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// `/pkg/rollcall.HASH.js`
    pub js: String,
    /// `/pkg/rollcall.HASH.wasm`
    pub wasm: String,
    /// `/pkg/rollcall.HASH.css`
    pub css: String,
}

impl Assets {
    /// The names of files without a hash.
    pub fn without_hashes() -> Self {
        Self { js: "/pkg/rollcall.js".into(), wasm: "/pkg/rollcall.wasm".into(), css: "/pkg/rollcall.css".into() }
    }
}

/// Renders the page with all components of the kit. Not part of a release.
#[cfg(debug_assertions)]
pub fn gallery(assets: &Assets, nonce: &str) -> String {
    use crate::pages::gallery::{GalleryPage, NOW};
    let page = Page {
        now: NOW,
        theme: Theme::Light,
        page_url: "/dev/components".into(),
        shell: None,
        content: Content::NotFound,
    };
    let mut html = String::new();
    write_head(&mut html, &page, assets, Live::Yes, None);
    in_owner(|| write_view(&mut html, GalleryPage()));
    write_sprite(&mut html);
    push_start(&mut html, assets, nonce);
    html.push_str("</body></html>\n");
    html
}

/// The size of most pages, so that the buffer rarely grows.
const USUAL_SIZE: usize = 48 * 1024;

/// Renders a whole page. `nonce` is the Content-Security-Policy's.
pub fn render(page: Page, assets: &Assets, nonce: &str) -> String {
    let mut html = String::with_capacity(USUAL_SIZE);
    write_head(&mut html, &page, assets, Live::Yes, None);
    in_owner(|| write_view(&mut html, Screen(ScreenProps { page })));
    write_sprite(&mut html);
    push_start(&mut html, assets, nonce);
    html.push_str("</body></html>\n");
    html
}

fn push_start(html: &mut String, assets: &Assets, nonce: &str) {
    html.push_str("<script type=\"module\" nonce=\"");
    push_escaped(html, nonce);
    html.push_str("\">import load,{start}from\"");
    push_url(html, &assets.js);
    html.push_str("\";await load({module_or_path:\"");
    push_url(html, &assets.wasm);
    html.push_str("\"});start()</script>");
}

/// Renders the Authentication page with a new key, which is shown once. It has no scripts and no page data, so that
/// this response is the only place with the key.
pub fn render_with_key(page: Page, key_name: &str, key: &str, assets: &Assets) -> String {
    let base_url = match &page.content {
        Content::Authentication(data) => data.base_url.clone(),
        _ => String::new(),
    };
    let done_href = match &page.shell {
        Some(shell) => ["/teams/", &shell.team.slug, "/settings/authentication"].concat(),
        None => "/".to_owned(),
    };
    let reveal = KeyRevealProps { name: key_name.to_owned(), key: key.to_owned(), base_url, done_href };
    let mut html = String::with_capacity(USUAL_SIZE);
    write_head(&mut html, &page, assets, Live::No, None);
    write_with(&mut html, page, || KeyReveal(reveal));
    html.push_str("</body></html>\n");
    html
}

/// Renders a page with the link of a new invite, which is shown once. There is no page data. The browser's part is
/// there for the Copy button, because the link is less sensitive than a key: an invite ends with its first use.
pub fn render_with_invite(
    page: Page,
    email: &str,
    link: &str,
    done_href: &str,
    assets: &Assets,
    nonce: &str,
) -> String {
    let content = InviteLinkProps { email: email.to_owned(), link: link.to_owned(), done_href: done_href.to_owned() };
    let mut html = String::with_capacity(USUAL_SIZE);
    write_head(&mut html, &page, assets, Live::Yes, Some(done_href));
    write_with(&mut html, page, || InviteLink(content));
    push_start(&mut html, assets, nonce);
    html.push_str("</body></html>\n");
    html
}

/// Writes the screen of a page, after the content that is shown once.
fn write_with<V: IntoView>(html: &mut String, page: Page, content: impl FnOnce() -> V) {
    in_owner(|| {
        write_view(html, Screen(ScreenProps { page }));
        write_view(html, content());
    });
    write_sprite(html);
}

/// Renders lines of the log, for an open page.
pub fn events(events: Vec<Event>, now: UnixMs) -> String {
    let mut html = String::new();
    in_owner(|| write_view(&mut html, Events(EventsProps { events, now, open: false, path: String::new() })));
    html
}

/// Renders the mark for omitted lines in the log of an open page. `here`: the page's URL.
pub fn gap(page_url: String) -> String {
    let mut html = String::new();
    in_owner(|| write_view(&mut html, Gap(GapProps { page_url })));
    html
}

/// Renders the received requests in an open setup guide. `team`: its slug.
pub fn waiting(team: &str, guide: Guide, connection: Option<Connection>, now: UnixMs) -> String {
    let mut html = String::new();
    let slug = team.to_owned();
    in_owner(|| write_view(&mut html, Waiting(WaitingProps { slug, guide, connection, ready: true, now })));
    html
}

/// Renders the current result of a self-test in an open page. `team`: its slug.
pub fn test_result(team: &str, run: TestRun, now: UnixMs) -> String {
    let mut html = String::new();
    let slug = team.to_owned();
    in_owner(|| write_view(&mut html, TestResult(TestResultProps { slug, run, again: true, now })));
    html
}

/// Renders the connection to the provider on the Authentication page. `team`: its slug.
pub fn connection(team: &str, health: Health, now: UnixMs) -> String {
    let mut html = String::new();
    let team = team.to_owned();
    in_owner(|| write_view(&mut html, ConnectionHealth(ConnectionHealthProps { team, health, now })));
    html
}

/// Does the browser's part start?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Live {
    Yes,
    No,
}

/// Writes everything up to and including `<body>`. `here`: the URL that the browser shows, with any query, so that
/// neither a reload nor the history sends a form again.
fn write_head(html: &mut String, page: &Page, assets: &Assets, live: Live, page_url: Option<&str>) {
    html.push_str("<!doctype html><html lang=\"en\" data-now=\"");
    html.push_str(&page.now.to_string());
    html.push('"');
    if let Some(page_url) = page_url {
        html.push_str(" data-page-url=\"");
        push_escaped(html, page_url.split('?').next().unwrap_or_default());
        html.push('"');
    }
    let scheme = match page.theme {
        Theme::System => "light dark",
        chosen => {
            html.push_str(" data-theme=\"");
            html.push_str(chosen.name());
            html.push('"');
            chosen.name()
        }
    };
    html.push_str(
        "><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"",
    );
    html.push_str(scheme);
    html.push_str("\"><title>");
    push_escaped(html, &pages::title(page));
    html.push_str("</title><link rel=\"stylesheet\" href=\"");
    push_escaped(html, &assets.css);
    html.push_str("\"><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">");
    if live == Live::Yes {
        html.push_str("<link rel=\"modulepreload\" href=\"");
        push_escaped(html, &assets.js);
        html.push_str("\"><link rel=\"preload\" as=\"fetch\" type=\"application/wasm\" crossorigin href=\"");
        push_escaped(html, &assets.wasm);
        html.push_str("\">");
    }
    html.push_str("</head><body class=\"");
    html.push_str(pages::body_class(page));
    html.push_str("\">");
}

/// Runs `write` with its own reactive owner, which is dropped afterwards.
fn in_owner(write: impl FnOnce()) {
    let owner = Owner::new_root(None);
    owner.with(write);
    owner.unset_with_forced_cleanup();
}

fn write_view(html: &mut String, view: impl IntoView) {
    view.into_view().to_html_with_buf(html, &mut Position::FirstChild, true, false, Vec::new());
}

/// Escapes text, and attributes in double quotes.
fn push_escaped(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
}

/// Writes the URL of a built file inside a script, without any character that such a URL does not contain.
fn push_url(html: &mut String, url: &str) {
    html.extend(url.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_')));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::model::{Authentication, GroupLine, Groups, Me, Shell, SignIn, Team};
    use domain::{plan::Plan, role::Role};

    const NASTY: &str = "</script><script>alert(1)</script>\u{2028}<!--&\"'";

    fn assets() -> Assets {
        Assets { js: "/pkg/r.1.js".into(), wasm: "/pkg/r.2.wasm".into(), css: "/pkg/r.3.css".into() }
    }

    fn page(team: &str, content: Content) -> Page {
        Page {
            now: 5,
            theme: Theme::Dark,
            page_url: "/teams/acme/settings/groups".into(),
            shell: Some(Shell {
                team: Team { name: team.into(), slug: "acme".into(), plan: Plan::Free },
                members: 1,
                groups: 1,
                me: Me { name: NASTY.into(), email: "ada@acme.test".into(), role: Role::Admin },
                teams: Vec::new(),
                version: "1.0.0".into(),
            }),
            content,
        }
    }

    fn groups() -> Page {
        let group = GroupLine { id: "g".into(), name: NASTY.into(), members: 3, role: None, updated_at: 1 };
        page(NASTY, Content::Groups(Groups { rows: vec![group], ..Groups::default() }))
    }

    fn authentication() -> Page {
        let data = Authentication {
            methods: Vec::new(),
            scim_on: true,
            base_url: "https://rollcall.test/scim/v2".into(),
            keys: Vec::new(),
            health: "<p>No request yet.</p>".into(),
            contact: Some(NASTY.into()),
            now: 5,
            returned: None,
            notice: None,
            notice_subject: None,
        };
        page(NASTY, Content::Authentication(Box::new(data)))
    }

    #[test]
    fn names_cannot_change_the_path() {
        for (page, scripts) in [(groups(), 1), (authentication(), 1)] {
            let html = render(page, &assets(), "abc");
            assert!(!html.contains("alert(1)</script>"));
            assert!(!html.contains("<!--&"));
            assert_eq!(html.matches("</script>").count(), scripts);
        }
    }

    #[test]
    fn only_the_script_with_the_nonce_is_inline() {
        let html = render(groups(), &assets(), "abc");
        assert!(!html.contains(" style="));
        assert!(!html.contains("<style"));
        assert_eq!(html.matches("<script").count(), 1);
        assert_eq!(html.matches(" nonce=\"abc\">").count(), 1);
        assert_eq!(render(authentication(), &assets(), "abc").matches(" nonce=").count(), 1);
        assert!(html.contains("<script type=\"module\" nonce=\"abc\">import load,{start}from\"/pkg/r.1.js\""));
    }

    #[test]
    fn the_document_matches_the_page() {
        let html = render(groups(), &assets(), "abc");
        assert!(html.starts_with("<!doctype html><html lang=\"en\" data-now=\"5\" data-theme=\"dark\">"));
        assert!(html.contains("<body class=\"app\"><a "));
        let page = Page {
            now: 5,
            theme: Theme::System,
            page_url: "/sign-in".into(),
            shell: None,
            content: Content::SignIn(SignIn::default()),
        };
        let html = render(page, &assets(), "abc");
        assert!(html.starts_with("<!doctype html><html lang=\"en\" data-now=\"5\"><head>"));
        assert!(html.contains("<body class=\"gate\"><main"));
        assert!(html.contains("<title>Sign in · Rollcall</title>"));
    }

    #[test]
    fn a_page_with_a_key_contains_it_once_and_no_script() {
        let key = "rc_scim_EXAMPLE";
        let html = render_with_key(authentication(), "Okta", key, &assets());
        assert_eq!(html.matches(key).count(), 1);
        assert!(!html.contains("<script"));
        assert!(!html.contains(".wasm"));
    }
}
