//! The documents of the pages of a sign-in.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use app::{
    document::{Assets, render},
    model::{SignIn, SignInMethod, SignInProblem, SsoConfirm, SsoContinue, SsoFailurePage, SsoPost, Theme},
    pages::{Content, Page},
};
use domain::sso::{SsoFailure, SsoProvider};

const NASTY: &str = "<script>alert(1)</script>\"'&\u{202E}";

fn html(content: Content) -> String {
    let page = Page { now: 1_763_474_640_000, theme: Theme::System, page_url: "/sign-in".into(), shell: None, content };
    // Markers between texts.
    let html = render(page, &Assets::without_hashes(), "abc").replace("<!>", "");
    assert_eq!(html.matches("<h1").count(), 1);
    assert_eq!(html.matches("<main id=\"main\"").count(), 1);
    assert_eq!(html.matches("<script").count(), 1, "only the script that starts the browser's part");
    assert!(!html.contains(" style="));
    html
}

/// The URL and the text of each link.
fn links(html: &str) -> Vec<(String, String)> {
    let mut links = Vec::new();
    for link in html.split("<a ").skip(1) {
        let (start, rest) = link.split_once('>').unwrap();
        let href = start.split_once("href=\"").unwrap().1.split('"').next().unwrap();
        links.push((href.to_owned(), text(rest.split_once("</a>").unwrap().0)));
    }
    links
}

/// The text without tags.
fn text(html: &str) -> String {
    let parts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn link(href: &str, label: &str) -> (String, String) {
    (href.to_owned(), label.to_owned())
}

fn failure(failure: SsoFailure) -> SsoFailurePage {
    SsoFailurePage {
        method: "Okta".into(),
        provider: SsoProvider::Okta,
        team: ("Acme".into(), "acme".into()),
        failure,
        account: None,
        detail: None,
        deactivated_at: None,
        clock_difference: None,
        reference: "7Q2F-K81D".into(),
        retry: "/sso/1/start".into(),
        other_account: Some("/sso/1/start?account=other".into()),
    }
}

fn failure_html(data: SsoFailurePage) -> String {
    html(Content::SsoFailure(Box::new(data)))
}

#[test]
fn a_failed_sign_in_has_an_explanation_a_code_and_at_most_two_links() {
    for reason in SsoFailure::ALL {
        let html = failure_html(failure(reason));
        let links = links(&html);
        assert!(html.contains(&format!("data-code=\"{}\"", reason.name())), "{reason:?}");
        let known = ["/sso/1/start", "/sso/1/start?account=other", "/teams/acme/sign-in"];
        assert!(links.iter().all(|(href, _)| known.contains(&href.as_str())), "{links:?}");
        assert!(!html.contains("<form"));
        if reason == SsoFailure::NotAsked {
            assert!(html.contains("<body class=\"centered-page\">") && !html.contains("data-tone="));
            assert_eq!(links, [link("/sso/1/start", "Continue with Okta")]);
            continue;
        }
        assert!(html.contains("<body class=\"centered-page centered-page-wide\">"));
        assert_eq!(html.matches("<h2").count(), 2, "{reason:?}");
        assert!(html.contains(&format!(">{} 7Q2F-K81D</code>", reason.name())), "{reason:?}");
        assert!((1..=2).contains(&links.len()), "{reason:?}: {links:?}");
    }
}

#[test]
fn another_account_is_only_a_link_where_the_provider_supports_it() {
    let mut data = failure(SsoFailure::NoMatch);
    assert_eq!(
        links(&failure_html(data.clone())),
        [
            link("/sso/1/start?account=other", "Use another Okta account"),
            link("/teams/acme/sign-in", "Sign in another way")
        ]
    );
    data.other_account = None;
    let html = failure_html(data);
    assert_eq!(links(&html)[0], link("/sso/1/start", "Try again"));
    assert!(!html.contains("another Okta account"));
}

#[test]
fn the_account_the_code_and_the_time_are_in_the_explanation() {
    let data = SsoFailurePage { account: Some("ada@acme.test".into()), ..failure(SsoFailure::NoMatch) };
    assert!(failure_html(data).contains("<b>ada@acme.test</b>"));
    let data = SsoFailurePage { detail: Some("access_denied".into()), ..failure(SsoFailure::Refused) };
    assert!(failure_html(data).contains("<code>access_denied</code>"));
    let data = SsoFailurePage { deactivated_at: Some(1_762_128_000_000), ..failure(SsoFailure::Deactivated) };
    assert!(failure_html(data).contains("<time datetime=\"2025-11-03T00:00:00Z\""));
    let data = SsoFailurePage { clock_difference: Some(84), ..failure(SsoFailure::Clock) };
    assert!(text(&failure_html(data)).contains("84 seconds"));
}

#[test]
fn values_of_the_provider_are_short_and_escaped() {
    for reason in SsoFailure::ALL {
        let long = NASTY.repeat(1_000);
        let data = SsoFailurePage { account: Some(long.clone()), detail: Some(long), ..failure(reason) };
        let html = failure_html(data);
        assert!(!html.contains("<script>alert") && !html.contains('\u{202E}'), "{reason:?}");
        assert!(text(&html).matches("alert(1)").count() <= 3 * 7, "{reason:?}");
    }
}

fn sign_in(names: &[&str]) -> SignIn {
    let method = |name: &&str| SignInMethod {
        name: (*name).to_owned(),
        provider: SsoProvider::Okta,
        href: format!("/sso/{name}/start"),
    };
    SignIn {
        team: Some(("Acme".into(), "acme".into())),
        host: "rollcall.test".into(),
        methods: names.iter().map(method).collect(),
        ..SignIn::default()
    }
}

#[test]
fn the_methods_of_a_team_are_links_above_the_form() {
    let html_of = |data| html(Content::SignIn(data));
    let none = html_of(sign_in(&[]));
    assert!(links(&none).is_empty());
    assert!(none.matches("btn-primary").count() == 1 && none.contains(" autofocus"));

    let one = html_of(sign_in(&["Okta"]));
    assert_eq!(links(&one), [link("/sso/Okta/start", "Continue with Okta"), link("/sign-in", "Another team")]);
    assert!(one.find("/sso/Okta/start") < one.find("<form"));
    assert_eq!(one.matches("btn-primary").count(), 1);
    assert!(!one.contains("<details") && !one.contains(" autofocus"));

    let two = html_of(sign_in(&["Okta", "Google"]));
    let [okta, google] = [("/sso/Okta/start", "OContinue with Okta"), ("/sso/Google/start", "GContinue with Google")];
    assert_eq!(links(&two)[..2], [link(okta.0, okta.1), link(google.0, google.1)]);
    assert_eq!(two.matches("<li>").count(), 2);

    // A team that requires single sign-on, but has no enabled method.
    assert_eq!(html_of(SignIn { is_required: true, ..sign_in(&[]) }), none);
}

#[test]
fn the_form_is_closed_while_single_sign_on_is_required() {
    let with = |problem| html(Content::SignIn(SignIn { is_required: true, problem, ..sign_in(&["Okta", "Google"]) }));
    let details = |html: &str| html.split_once("<details").unwrap().1.split_once('>').unwrap().0.contains(" open");
    let html = with(None);
    assert!(!details(&html));
    assert!(html.find("<details") < html.find("<form") && html.find("</form") < html.find("</details"));
    assert!(html.contains("action=\"/teams/acme/sign-in\""));
    assert!(details(&with(Some(SignInProblem::Wrong))));
    assert!(details(&with(Some(SignInProblem::Throttled(5)))));
    assert!(!details(&with(Some(SignInProblem::Ended))));
}

fn on_the_way(post: Option<SsoPost>) -> String {
    html(Content::SsoContinue(Box::new(SsoContinue {
        method: "Okta".into(),
        team: Some(("Acme".into(), "acme".into())),
        email: Some(NASTY.into()),
        href: "/sso/1/start?next=%2F&hint=\"a".into(),
        post,
    })))
}

#[test]
fn the_page_before_the_provider_leads_there_without_a_script() {
    let html = on_the_way(None);
    let refresh = "<meta http-equiv=\"refresh\" content=\"0;url=/sso/1/start?next=%2F&amp;hint=&quot;a\">";
    assert_eq!(html.matches(refresh).count(), 1);
    assert!(html.find(refresh) < html.find("<body"));
    let labels: Vec<_> = links(&html).into_iter().map(|(_, label)| label).collect();
    assert_eq!(labels, ["Change", "Continue with Okta", "Use a password instead"]);
    assert!(html.contains("<title>Sign in · Acme · Rollcall</title>"));
}

#[test]
fn a_provider_without_redirects_gets_one_form() {
    let fields = vec![("SAMLRequest".to_owned(), "PHNhbWw+".to_owned()), ("RelayState".to_owned(), NASTY.to_owned())];
    let html = on_the_way(Some(SsoPost { action: "https://idp.test/sso?a=1&b=2".into(), fields }));
    assert!(!html.contains("http-equiv=\"refresh\""));
    assert_eq!(html.matches("<form").count(), 1);
    assert!(html.contains("method=\"post\" action=\"https://idp.test/sso?a=1&amp;b=2\" target=\"_self\""));
    assert_eq!(html.matches("type=\"hidden\"").count(), 2);
    assert!(html.contains("name=\"SAMLRequest\" value=\"PHNhbWw+\""));
    assert!(!html.contains("/sso/1/start"));
}

#[test]
fn a_link_is_confirmed_by_a_form_and_cancelled_by_a_link() {
    let html = html(Content::SsoConfirm(Box::new(SsoConfirm {
        method: "Okta".into(),
        account: NASTY.into(),
        member: "Ada Lovelace".into(),
        action: "/sso/1/confirm".into(),
        cancel: "/teams/acme".into(),
    })));
    assert_eq!(html.matches("<form").count(), 1);
    assert!(html.contains("method=\"post\" action=\"/sso/1/confirm\""));
    assert_eq!(links(&html), [link("/teams/acme", "Cancel")]);
    assert!(text(&html).contains("Ada Lovelace") && !html.contains('\u{202E}'));
}
