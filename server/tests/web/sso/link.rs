//! The link that a member confirms after a sign-in with the password (section 4.5), and the confirmation of an identity at the
//! provider (step-up).

use super::provider::Saml;
use crate::{
    app::{Browser, PASSWORD, TestApp},
    db::{Db, on_both_engines},
};
use domain::{HOUR, sso::SsoFailure};

/// A break-glass member's first sign-in through the provider. The browser keeps the link that waits.
async fn waiting_link(app: &TestApp, saml: &Saml) -> (Browser, String) {
    app.world.db.sql("UPDATE members SET break_glass = 1 WHERE email = 'ada@acme.test'").await;
    let mut browser = app.browser();
    let answer = saml.sign_in(app, &mut browser, "ada@acme.test").await;
    assert!(answer.body.contains(&format!("data-code=\"{}\"", SsoFailure::ConfirmLink.name())), "{}", answer.text());
    (browser, format!("/sso/{}/link", saml.id))
}

async fn links(app: &TestApp) -> String {
    app.world.db.text("SELECT CAST(COUNT(*) AS TEXT) FROM sso_links").await.unwrap()
}

async fn with_password(browser: &mut Browser, email: &str) {
    let answer = browser.post("/teams/acme/sign-in", &[("email", email), ("password", PASSWORD)]).await;
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
}

on_both_engines! {
    async fn a_member_confirms_a_link_after_the_password(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let (mut browser, link) = waiting_link(&app, &saml).await;
        assert_eq!(browser.get(&link).await.status.as_u16(), 303, "first the password");
        with_password(&mut browser, "ada@acme.test").await;
        let page = browser.get(&link).await;
        assert!(page.shows("ada@acme.test") && page.shows("Ada Lovelace"), "{}", page.text());
        assert_eq!(links(&app).await, "0", "GET changes nothing");
        assert_eq!(browser.post(&link, &[]).await.summary(), "303 /teams/acme");
        assert_eq!(links(&app).await, "1");
        // The link is used up, and the account signs in from now on.
        assert_eq!(browser.get(&link).await.status.as_u16(), 400);
        let mut other = app.browser();
        assert_eq!(saml.sign_in(&app, &mut other, "ada@acme.test").await.summary(), "303 /teams/acme");
    }

    /// The account's claim names Ada, so nobody else can confirm it.
    async fn another_member_cannot_confirm_the_link(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        app.add("acme", "Two", "two@acme.test", domain::role::Role::Developer).await;
        let (mut browser, link) = waiting_link(&app, &saml).await;
        with_password(&mut browser, "two@acme.test").await;
        let answer = browser.post(&link, &[]).await;
        assert!(answer.body.contains(&format!("data-code=\"{}\"", SsoFailure::OtherAccount.name())), "{}", answer.text());
        assert_eq!(links(&app).await, "0");
    }

    async fn a_link_waits_for_twenty_minutes(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let (mut browser, link) = waiting_link(&app, &saml).await;
        app.world.pass(HOUR);
        with_password(&mut browser, "ada@acme.test").await;
        let answer = browser.post(&link, &[]).await;
        assert!(answer.body.contains(&format!("data-code=\"{}\"", SsoFailure::TooSlow.name())), "{}", answer.text());
        assert_eq!(links(&app).await, "0");
    }

    /// A linked member may confirm their identity at the provider instead of with the password. Another account does not count.
    async fn a_linked_member_confirms_their_identity_at_the_provider(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut browser = app.browser();
        saml.sign_in(&app, &mut browser, "ada@acme.test").await;
        app.world.pass(20 * domain::MINUTE);
        let page = browser.get("/teams/acme/verify?next=%2Fteams%2Facme%2Faccount").await;
        let start = format!("/sso/{}/start?next=%2Fteams%2Facme%2Faccount&amp;purpose=step-up", saml.id);
        assert!(page.body.contains(&start), "{}", page.body);
        let request = saml.start_for(&app, &mut browser, "?next=%2Fteams%2Facme%2Faccount&purpose=step-up").await;
        let response = saml.response(&app, &request, "ada@acme.test");
        let answer = saml.answer(&app, &mut browser, &response).await;
        assert_eq!(answer.summary(), "303 /teams/acme/account", "{}", answer.text());
        let entries = app.world.log().await;
        assert!(entries.iter().any(|entry| entry.change.name() == "sso_stepped_up"));
    }
}
