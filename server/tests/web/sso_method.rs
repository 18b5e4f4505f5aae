//! The page of an SSO method, and its form "Match people".

use crate::{
    app::{Browser, PASSWORD, TestApp},
    db::{Db, on_both_engines},
    parts::last_change,
};
use axum::http::StatusCode;
use domain::{
    DAY, HOUR, MINUTE,
    activity::{AttributeChange, Change},
    role::Role,
    sso::{LinkAttribute, MethodForm, SsoChange},
    validation::field_error::{Field, FieldError},
};

const CERTIFICATE: &str = include_str!("../../../domain/tests/fixtures/valid.pem");

/// The accounts with a link.
pub(crate) const LINKS: &str = "SELECT COALESCE(MAX(subject), 'none') FROM sso_links";

/// The address of a method's page.
fn page_of(id: &str) -> String {
    format!("/teams/acme/settings/authentication/methods/{id}")
}

async fn saml(app: &TestApp) -> String {
    let form = MethodForm {
        provider: "entra".into(),
        protocol: "saml".into(),
        name: "Entra".into(),
        entity_id: "https://sts.windows.net/1/".into(),
        sign_in_url: "https://login.microsoftonline.com/1/saml2".into(),
        certificate: CERTIFICATE.into(),
        ..MethodForm::default()
    };
    app.world.operator().sso_add("acme", form, false).await.unwrap().to_string()
}

/// Links a member to an account of Okta.
pub(crate) async fn link(app: &TestApp, email: &str, subject: &str) {
    let (okta, member, team) = (app.okta().await, app.id(email).await, &app.world.team);
    let now = app.world.now();
    let insert = "INSERT INTO sso_links (team_id, method_id, subject, member_id, account, linked_at, last_sign_in_at)";
    let values = format!("('{team}', '{okta}', '{subject}', '{member}', '{email}', {now}, {now})");
    app.world.db.sql(&format!("{insert} VALUES {values}")).await;
}

/// Sends the form with these differences to the values of a new method.
async fn send(browser: &mut Browser, id: &str, values: &[(&str, &str)]) -> crate::app::Answer {
    let mut form = vec![("identifier", ""), ("claim", ""), ("attribute", "user_name")];
    form.retain(|(name, _)| !values.iter().any(|(other, _)| other == name));
    form.extend(values);
    browser.post(&format!("{}/match", page_of(id)), &form).await
}

on_both_engines! {
    async fn the_page_has_the_values_under_the_providers_names(db: Db) {
        let app = TestApp::new(db).await;
        let (okta, entra) = (app.okta().await, saml(&app).await);
        let mut ada = app.ada().await;
        let page = ada.get(&page_of(&okta)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let values = page.part("provider-values").unwrap();
        assert!(page.body.contains(&format!(">https://rollcall.test/sso/{okta}/oidc/callback<")), "{values}");
        assert!(page.body.contains(&format!(">https://rollcall.test/sso/{okta}/start<")), "{values}");
        assert!(!page.body.contains("hunter2"));
        let page = ada.get(&page_of(&entra)).await;
        let values = page.part("provider-values").unwrap();
        for path in ["saml/acs", "saml/metadata", "start"] {
            assert!(page.body.contains(&format!(">https://rollcall.test/sso/{entra}/{path}<")), "{path}: {values}");
        }
        let fingerprint = page.part("fingerprint").unwrap();
        assert_eq!(fingerprint.split(':').filter(|byte| byte.len() == 2).count(), 32, "{fingerprint}");
    }

    async fn a_certificate_that_expires_has_a_warning(db: Db) {
        let app = TestApp::new(db).await;
        let entra = saml(&app).await;
        let mut ada = app.ada().await;
        for (days, state) in [
            (61, None),
            (60, Some("60-days")),
            (30, Some("30-days")),
            (7, Some("7-days")),
            (1, Some("1-day")),
            (0, Some("expired")),
            (-5, Some("expired")),
        ] {
            let expires = app.world.now() + days * DAY;
            app.world.db.sql(&format!("UPDATE sso_methods SET certificate_expires = {expires} WHERE id = '{entra}'")).await;
            assert_eq!(ada.get(&page_of(&entra)).await.state("certificate-warning").as_deref(), state, "{days}");
        }
    }

    async fn sign_ins_and_failures_decide_the_state(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let path = page_of(&okta);
        let mut ada = app.ada().await;
        assert_eq!(ada.get(&path).await.state("sign-ins-state").as_deref(), Some("none"));
        let list = ada.get("/teams/acme/settings/authentication").await;
        assert!(list.body.contains(&format!("href=\"{path}\"")), "{}", list.text());
        assert_eq!(list.attribute("last-sign-in", "datetime"), None);
        link(&app, "ada@acme.test", "00u1").await;
        let page = ada.get(&path).await;
        assert_eq!(page.state("sign-ins-state").as_deref(), Some("working"));
        assert_eq!(page.state("can-sign-in").as_deref(), Some("1"), "{}", page.text());
        let list = ada.get("/teams/acme/settings/authentication").await;
        assert!(list.part("last-sign-in").unwrap().contains("just now"), "{}", list.text());

        app.world.pass(HOUR);
        // A callback without the cookie of a sign-in fails.
        app.browser().get(&format!("/sso/{okta}/oidc/callback?state=x&code=y")).await;
        let page = app.ada().await.get(&path).await;
        assert_eq!(page.state("sign-ins-state").as_deref(), Some("failing"), "{}", page.text());
        assert_eq!(page.parts("failure").len(), 1);
        assert_eq!(page.state("failure").as_deref(), Some("other-browser"));
        assert!(page.body.contains("result=failures&amp;within=day&amp;member=other-browser"), "{}", page.body);
        app.world.pass(DAY + MINUTE);
        let page = app.ada().await.get(&path).await;
        assert_eq!((page.state("sign-ins-state").as_deref(), page.parts("failure").len()), (Some("working"), 0));
    }

    async fn members_have_three_groups(db: Db) {
        let app = TestApp::new(db).await;
        for role in [Role::Admin, Role::Developer, Role::Billing] {
            app.member(role).await;
        }
        link(&app, "admin@acme.test", "00u1").await;
        app.world.db.sql("UPDATE members SET status = 'deactivated' WHERE email = 'billing@acme.test'").await;
        app.world.db.sql("UPDATE members SET break_glass = 1 WHERE email = 'ada@acme.test'").await;
        let page = app.ada().await.get(&page_of(&app.okta().await)).await;
        assert_eq!(page.state("can-sign-in").as_deref(), Some("1"), "{}", page.text());
        assert_eq!(page.state("never-signed-in").as_deref(), Some("1"), "{}", page.text());
        assert_eq!(page.parts("cannot-sign-in").len(), 2, "{}", page.text());
    }

    async fn matching_is_saved_with_an_entry(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let mut ada = app.ada().await;
        let saved = send(&mut ada, &okta, &[("claim", " mail "), ("attribute", "email"), ("trusts_email", "true")]).await;
        assert_eq!(saved.summary(), format!("303 {}?done=match", page_of(&okta)));
        assert!(ada.get(saved.header("location")).await.done().is_some());
        let method = app.world.store().sso_method(&app.world.method("Okta").await).await.unwrap().unwrap();
        let rule = method.link_rule;
        assert_eq!((rule.claim.as_deref(), rule.attribute), (Some("mail"), LinkAttribute::Email));
        assert_eq!((rule.trusts_email, rule.creates_members, rule.max_role), (true, false, Role::SuperAdmin));
        let Change::SsoEdited { differences, .. } = last_change(&app).await else { panic!() };
        let changed: Vec<_> = differences.iter().map(|AttributeChange { attribute, .. }| attribute.as_str()).collect();
        assert_eq!(changed, ["Claim", "Member attribute", "Trust email"]);
        let entries = app.world.log().await.len();
        send(&mut ada, &okta, &[("claim", "mail"), ("attribute", "email"), ("trusts_email", "true")]).await;
        assert_eq!(app.world.log().await.len(), entries, "nothing differs");
        // A box that is not sent is empty.
        send(&mut ada, &okta, &[("creates_members", "true")]).await;
        let rule = app.world.store().sso_method(&app.world.method("Okta").await).await.unwrap().unwrap().link_rule;
        assert_eq!((rule.claim, rule.trusts_email, rule.creates_members), (None, false, true));
    }

    async fn a_wrong_field_has_its_error_and_keeps_its_value(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let mut ada = app.ada().await;
        let long = "x".repeat(256);
        let page = send(&mut ada, &okta, &[("identifier", &long), ("attribute", "name"), ("trusts_email", "true")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.is_invalid(Field::Identifier, FieldError::TooLong { max: 255, actual: 256 }), "{}", page.text());
        assert!(page.is_invalid(Field::Attribute, FieldError::NotAnOption), "{}", page.text());
        assert!(page.body.contains(&long));
        let rule = app.world.store().sso_method(&app.world.method("Okta").await).await.unwrap().unwrap().link_rule;
        assert!(!rule.trusts_email);
    }

    async fn another_identifier_needs_the_permission_to_remove_links(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let mut ada = app.ada().await;
        assert_eq!(send(&mut ada, &okta, &[("identifier", "uid")]).await.status, StatusCode::SEE_OTHER, "no links");
        link(&app, "ada@acme.test", "00u1").await;
        let refused = send(&mut ada, &okta, &[("identifier", "oid")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.is_invalid(Field::Identifier, FieldError::LinksWouldBreak { links: 1 }), "{}", refused.text());
        assert_eq!(app.world.db.text(LINKS).await.as_deref(), Some("00u1"));
        // With the same identifier, links stay.
        send(&mut ada, &okta, &[("identifier", "uid"), ("claim", "mail"), ("removes_links", "true")]).await;
        assert_eq!(app.world.db.text(LINKS).await.as_deref(), Some("00u1"));
        let saved = send(&mut ada, &okta, &[("identifier", "oid"), ("removes_links", "true")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        assert_eq!(app.world.db.text(LINKS).await.as_deref(), Some("none"));
        let changes: Vec<_> = app.world.log().await.into_iter().map(|entry| entry.change).take(2).collect();
        assert!(changes.contains(&SsoChange::SsoAllUnlinked { method: "Okta".into(), links: 1 }.into()), "{changes:?}");
    }

    async fn only_recently_verified_admins_save_matching(db: Db) {
        let app = TestApp::new(db).await;
        let okta = app.okta().await;
        let mut billing = app.signed_in(&app.member(Role::Billing).await).await;
        assert_eq!(send(&mut billing, &okta, &[("claim", "mail")]).await.status, StatusCode::FORBIDDEN);
        let mut ada = app.ada().await;
        app.world.pass(16 * MINUTE);
        let verify = send(&mut ada, &okta, &[("claim", "mail"), ("creates_members", "true"), ("removes_links", "true")]).await;
        assert!(verify.header("location").starts_with("/teams/acme/verify?next="), "{}", verify.summary());
        let next = ada.get(verify.header("location")).await.value("next").unwrap();
        let back = ada.post("/teams/acme/verify", &[("password", PASSWORD), ("next", &next)]).await;
        let page = ada.get(back.header("location")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", back.summary());
        assert_eq!(page.attribute("match.claim", "value").as_deref(), Some("mail"));
        assert!(!back.header("location").contains("removes_links"), "no link prepares that");
        assert_eq!(app.world.db.text("SELECT link_claim FROM sso_methods").await, None);
    }

    async fn a_method_of_another_team_is_not_found(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let okta = app.okta().await;
        let mut grace = app.signed_in("grace@globex.test").await;
        let page = grace.get(&format!("/teams/globex/settings/authentication/methods/{okta}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        let form = [("claim", "mail"), ("attribute", "email"), ("identifier", "")];
        let saved = grace.post(&format!("/teams/globex/settings/authentication/methods/{okta}/match"), &form).await;
        assert_eq!(saved.status, StatusCode::NOT_FOUND);
        assert_eq!(app.world.db.text("SELECT link_claim FROM sso_methods").await, None);
    }
}
