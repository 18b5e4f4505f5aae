//! A whole page.
//!
//! The icons and one small script follow the screen. The script starts the browser's part. It has the nonce of the
//! Content-Security-Policy, and no other style or script is inline.

use super::head::{Assets, Live, push_escaped, write_head};
use crate::{
    components::icon::write_sprite,
    pages::{
        Page, Screen, ScreenProps,
        authentication::reveal::{KeyReveal, KeyRevealProps},
        members::{InviteLink, InviteLinkProps},
    },
};
/// Renders the page with all components of the kit. Not part of a release.
#[cfg(debug_assertions)]
use crate::{model::Theme, pages::Content};
use leptos::{
    prelude::*,
    reactive::owner::Owner,
    tachys::view::{Position, RenderHtml},
};

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

/// Renders the Authentication page with a new key, which is shown once. There are no scripts and no page data, so that no other
/// response contains the key.
pub fn render_with_key(page: Page, base_url: String, (key_name, key): (&str, &str), assets: &Assets) -> String {
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

/// Runs `write` with its own reactive owner, which is dropped afterwards.
pub(super) fn in_owner(write: impl FnOnce()) {
    let owner = Owner::new_root(None);
    owner.with(write);
    owner.unset_with_forced_cleanup();
}

pub(super) fn write_view(html: &mut String, view: impl IntoView) {
    view.into_view().to_html_with_buf(html, &mut Position::FirstChild, true, false, Vec::new());
}

/// Writes the URL of a built file inside a script, without any character that such a URL does not contain.
fn push_url(html: &mut String, url: &str) {
    html.extend(url.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_')));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::model::{Authentication, GroupLine, Groups, Me, Shell, SignIn, Team, Theme};
    use crate::pages::Content;
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
        page(NASTY, Content::team(Groups { rows: vec![group], ..Groups::default() }))
    }

    fn authentication() -> Page {
        let data = Authentication {
            methods: Vec::new(),
            last_sign_ins: Vec::new(),
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
        page(NASTY, Content::team(data))
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
        assert!(html.contains("<body class=\"centered-page\"><main"));
        assert!(html.contains("<title>Sign in · Rollcall</title>"));
    }

    #[test]
    fn a_page_with_a_key_contains_it_once_and_no_script() {
        let key = "rc_scim_EXAMPLE";
        let html = render_with_key(authentication(), "https://rollcall.test/scim/v2".into(), ("Okta", key), &assets());
        assert_eq!(html.matches(key).count(), 1);
        assert!(!html.contains("<script"));
        assert!(!html.contains(".wasm"));
    }
}
