//! Who signs in: links, the rule for the first sign-in, and new members (sections 4.1 to 4.5).

use super::{
    provider::{Response, Saml, compares},
    refusal::{FailureEntry, Watch},
};
use crate::{
    app::{Browser, TestApp},
    db::{Db, on_both_engines},
};
use axum::http::Method;
use domain::{
    id::MemberId,
    role::Role,
    sso::{LinkAttribute, SsoFailure},
};
use server::service::LinkRuleEdit;

/// The rule of a method that adds new people.
fn creates_members() -> LinkRuleEdit {
    LinkRuleEdit { creates_members: Some(true), ..LinkRuleEdit::default() }
}

/// The rule that compares the attribute `mail` with the email address.
fn by_mail() -> LinkRuleEdit {
    LinkRuleEdit { claim: Some("mail".into()), ..compares(LinkAttribute::Email) }
}

/// A sign-in that is refused at its end. Nothing is written but the log.
async fn refused(app: &TestApp, saml: &Saml, person: &str, status: u16, failure: SsoFailure) -> FailureEntry {
    refused_with(app, saml, person, &[], status, failure).await
}

async fn refused_with(
    app: &TestApp,
    saml: &Saml,
    person: &str,
    attributes: &[(&str, &str)],
    status: u16,
    failure: SsoFailure,
) -> FailureEntry {
    let mut browser = app.browser();
    let request = saml.start(app, &mut browser).await;
    let response = saml.response(app, &request, person).with_attributes(attributes);
    let posted = saml.post(app, &response.signed()).await;
    let watch = Watch::start(app).await;
    let answer = browser.get(posted.header("location")).await;
    let refusal = watch.refused(app, &answer, status, failure).await;
    assert_eq!(refusal.subject.as_deref(), Some(person));
    let account = attributes.iter().find(|(name, _)| *name == "mail").map_or(person, |(_, mail)| mail);
    assert!(answer.shows(account), "{}", answer.text());
    assert_eq!(browser.session(), None);
    refusal
}

async fn signs_in(app: &TestApp, saml: &Saml, person: &str, attributes: &[(&str, &str)]) -> Browser {
    let mut browser = app.browser();
    let request = saml.start(app, &mut browser).await;
    let response: Response = saml.response(app, &request, person).with_attributes(attributes);
    let answer = saml.answer(app, &mut browser, &response).await;
    assert_eq!(answer.summary(), "303 /teams/acme", "{person}: {}", answer.text());
    browser
}

async fn links(app: &TestApp) -> String {
    app.world.db.text("SELECT CAST(COUNT(*) AS TEXT) FROM sso_links").await.unwrap()
}

/// A new user of the directory, by SCIM. Returns its id.
async fn provisioned(app: &TestApp, key: &str, user_name: &str) -> String {
    let body =
        format!(r#"{{"userName":"{user_name}","emails":[{{"value":"{user_name}","primary":true}}],"active":true}}"#);
    let answer = app.scim(key, Method::POST, "/Users", &body).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.body);
    answer.json::<serde_json::Value>()["id"].as_str().unwrap().to_owned()
}

on_both_engines! {
    /// F21: the first sign-in is folded as userName is.
    async fn the_first_sign_in_ignores_letter_case(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let mut browser = signs_in(&app, &saml, "ADA@Acme.Test", &[]).await;
        assert!(browser.get("/teams/acme/account").await.shows("Ada Lovelace"));
    }

    /// F20 and F23: a linked member has one account, compared byte for byte. There is never a second member.
    async fn a_linked_member_has_one_account(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, creates_members()).await;
        signs_in(&app, &saml, "ada@acme.test", &[]).await;
        for other in ["Ada@acme.test", "ada@ACME.test"] {
            refused(&app, &saml, other, 403, SsoFailure::OtherAccount).await;
        }
        signs_in(&app, &saml, "ada@acme.test", &[]).await;
        assert_eq!(links(&app).await, "1");
    }

    /// F24: a subject is opaque, so a base64 GUID and a subject with spaces around it are what they are.
    async fn the_identifier_is_opaque(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, LinkRuleEdit { claim: Some("mail".into()), ..LinkRuleEdit::default() }).await;
        let subject = "3XAZ6IcwK0q+Z0Zr2V+s5A==";
        signs_in(&app, &saml, subject, &[("mail", "ada@acme.test")]).await;
        let linked = app.world.db.text("SELECT subject FROM sso_links").await;
        assert_eq!(linked.as_deref(), Some(subject));
        // The link is enough from now on.
        signs_in(&app, &saml, subject, &[("mail", "other@acme.test")]).await;
    }

    /// The attribute that was chosen as the identifier survives a rename at the provider.
    async fn an_attribute_can_identify_the_person(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, LinkRuleEdit { subject_attribute: Some("uid".into()), ..LinkRuleEdit::default() }).await;
        signs_in(&app, &saml, "ada@acme.test", &[("uid", "0042")]).await;
        signs_in(&app, &saml, "ada.king@acme.test", &[("uid", "0042")]).await;
        let mut browser = app.browser();
        let request = saml.start(&app, &mut browser).await;
        let watch = Watch::start(&app).await;
        let answer = saml.post(&app, &saml.response(&app, &request, "ada@acme.test").signed()).await;
        let refusal = watch.refused(&app, &answer, 400, SsoFailure::BadResponse).await;
        assert_eq!((refusal.facts[0].check.as_str(), refusal.facts[0].received.as_deref()), ("uid", Some("NameID")));
    }

    async fn no_one_is_added_unless_the_method_says_so(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let refusal = refused(&app, &saml, "eve@acme.test", 403, SsoFailure::NoMatch).await;
        assert_eq!(refusal.facts[0].received.as_deref(), Some("eve@acme.test"));
        saml.rule(&app, creates_members()).await;
        let attributes = [("mail", "eve@acme.test"), ("displayName", "Eve Online")];
        let mut browser = signs_in(&app, &saml, "eve@acme.test", &attributes).await;
        let page = browser.get("/teams/acme/account").await;
        assert!(page.shows("Eve Online") && page.shows("Developer"), "{}", page.text());
        let log = app.world.log().await;
        let names: Vec<_> = log.iter().take(3).map(|entry| entry.change.name()).collect();
        assert_eq!(names, ["sso_signed_in", "sso_linked", "sso_member_created"]);
        let id = app.id("eve@acme.test").await;
        assert_eq!(log[0].member.as_ref().map(ToString::to_string), Some(id));
        signs_in(&app, &saml, "eve@acme.test", &attributes).await;
        assert_eq!(links(&app).await, "1");
    }

    /// F6: the log lists what came, if the chosen attribute did not.
    async fn without_the_chosen_attribute_the_log_lists_what_came(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, LinkRuleEdit { claim: Some("upn".into()), ..creates_members() }).await;
        let refusal =
            refused_with(&app, &saml, "ada@acme.test", &[("mail", "ada@acme.test")], 403, SsoFailure::NoMatch).await;
        assert_eq!(refusal.facts[0].check, "upn");
        assert_eq!(refusal.facts[0].received.as_deref(), Some("NameID, mail"));
    }

    async fn several_matches_are_refused(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, LinkRuleEdit { trusts_email: Some(true), ..by_mail() }).await;
        for user_name in ["one", "two"] {
            app.add("acme", user_name, &format!("{user_name}@acme.test"), Role::Developer).await;
        }
        let shared = "UPDATE members SET email = 'shared@acme.test', email_key = 'shared@acme.test' \
                      WHERE email IN ('one@acme.test', 'two@acme.test')";
        app.world.db.sql(shared).await;
        refused_with(&app, &saml, "x", &[("mail", "shared@acme.test")], 403, SsoFailure::TwoMatch).await;
    }

    /// F26: refused before anything is written, so that the directory meets no ghost.
    async fn a_person_whom_the_directory_deactivated_is_refused(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Okta").await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, creates_members()).await;
        let linked = provisioned(&app, &key, "linked@acme.test").await;
        let unlinked = provisioned(&app, &key, "unlinked@acme.test").await;
        let deleted = provisioned(&app, &key, "deleted@acme.test").await;
        signs_in(&app, &saml, "linked@acme.test", &[]).await;
        for id in [&linked, &unlinked] {
            let off = r#"{"Operations":[{"op":"replace","path":"active","value":false}]}"#;
            assert!(app.scim(&key, Method::PATCH, &format!("/Users/{id}"), off).await.status.is_success());
        }
        assert_eq!(app.scim(&key, Method::DELETE, &format!("/Users/{deleted}"), "").await.status.as_u16(), 204);
        for person in ["linked@acme.test", "unlinked@acme.test", "UNLINKED@acme.test", "deleted@acme.test"] {
            refused(&app, &saml, person, 403, SsoFailure::Deactivated).await;
        }
        // By the email of someone whom the directory removed, too.
        let mail = [("mail", "deleted@acme.test")];
        refused_with(&app, &saml, "new@acme.test", &mail, 403, SsoFailure::Deactivated).await;
        assert_eq!(provisioned(&app, &key, "deleted@acme.test").await, deleted, "the same member comes back");
    }

    async fn a_person_whom_an_admin_deactivated_is_refused(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, creates_members()).await;
        app.add("acme", "Bob", "bob@acme.test", Role::Developer).await;
        let bob = MemberId::new(app.id("bob@acme.test").await);
        let mut browser = signs_in(&app, &saml, "bob@acme.test", &[]).await;
        app.world.ada().member_deactivate("acme", &bob).await.unwrap();
        assert_eq!(browser.get("/teams/acme/account").await.status.as_u16(), 303, "the session has ended");
        refused(&app, &saml, "bob@acme.test", 403, SsoFailure::Deactivated).await;
        app.world.ada().member_reactivate("acme", &bob).await.unwrap();
        signs_in(&app, &saml, "bob@acme.test", &[]).await;
    }

    /// A removed member comes back as the same member, as with an invite, but not through the account that was removed.
    async fn a_removed_member_comes_back_as_the_same_member(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, creates_members()).await;
        app.add("acme", "Bob", "bob@acme.test", Role::Developer).await;
        app.add("acme", "Linked", "linked@acme.test", Role::Developer).await;
        signs_in(&app, &saml, "linked@acme.test", &[]).await;
        let bob = app.id("bob@acme.test").await;
        let linked = app.id("linked@acme.test").await;
        for id in [&bob, &linked] {
            app.world.ada().member_remove("acme", &MemberId::new(id.as_str())).await.unwrap();
        }
        signs_in(&app, &saml, "bob@acme.test", &[("mail", "bob@acme.test")]).await;
        assert_eq!(app.id("bob@acme.test").await, bob);
        refused(&app, &saml, "linked@acme.test", 403, SsoFailure::Deactivated).await;
        // Another account of the same person.
        refused(&app, &saml, "Linked@acme.test", 403, SsoFailure::OtherAccount).await;
    }

    async fn an_invited_person_accepts_the_invite_first(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, creates_members()).await;
        let form = [("email", "new@acme.test"), ("as", "developer")];
        app.ada().await.post("/teams/acme/settings/members/invite", &form).await;
        refused(&app, &saml, "new@acme.test", 403, SsoFailure::NoMatch).await;
    }

    /// F3: the rule never links a break-glass member.
    async fn a_break_glass_member_confirms_the_link(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        app.world.db.sql("UPDATE members SET break_glass = 1 WHERE email = 'ada@acme.test'").await;
        refused(&app, &saml, "ada@acme.test", 403, SsoFailure::ConfirmLink).await;
        assert_eq!(links(&app).await, "0");
    }

    /// Section 4.5: an admin cannot become someone with more power by changing the method.
    async fn a_role_above_the_configuring_admin_confirms_the_link(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        let admin = MemberId::new({
            let email = app.member(Role::Admin).await;
            app.id(&email).await
        });
        app.add("acme", "Two", "two@acme.test", Role::Admin).await;
        let edit = LinkRuleEdit { claim: Some("mail".into()), ..LinkRuleEdit::default() };
        app.world.by(&admin).sso_set_link_rule("acme", &saml.method(), edit).await.unwrap();
        let mail = [("mail", "ada@acme.test")];
        refused_with(&app, &saml, "a-1", &mail, 403, SsoFailure::ConfirmLink).await;
        signs_in(&app, &saml, "a-2", &[("mail", "two@acme.test")]).await;
        // A Super Admin vouches for the rule.
        let edit = LinkRuleEdit { claim: Some(String::new()), ..LinkRuleEdit::default() };
        app.world.ada().sso_set_link_rule("acme", &saml.method(), edit).await.unwrap();
        signs_in(&app, &saml, "ada@acme.test", &[]).await;
    }

    /// F27 and F28: an email address alone identifies no one. `email_verified` must be true.
    async fn an_email_must_be_verified_by_the_provider(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, by_mail()).await;
        let mail = ("mail", "ada@acme.test");
        for verified in [None, Some("false"), Some("1"), Some("yes"), Some("TRUE")] {
            let attributes: Vec<_> = [mail].into_iter().chain(verified.map(|value| ("email_verified", value))).collect();
            refused_with(&app, &saml, "a-1", &attributes, 403, SsoFailure::EmailUnverified).await;
        }
        signs_in(&app, &saml, "a-1", &[mail, ("email_verified", "true")]).await;
    }

    /// Also for new people, because their address would become the one of their account here.
    async fn an_email_of_a_new_person_must_be_verified_too(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, LinkRuleEdit { creates_members: Some(true), ..by_mail() }).await;
        let mail = ("mail", "eve@acme.test");
        refused_with(&app, &saml, "e-1", &[mail], 403, SsoFailure::EmailUnverified).await;
        saml.rule(&app, LinkRuleEdit { trusts_email: Some(true), ..LinkRuleEdit::default() }).await;
        signs_in(&app, &saml, "e-1", &[mail]).await;
    }

    /// F25: the provider that provisions a member is believed about the member's email.
    async fn the_email_of_the_directory_s_member_needs_no_verification(db: Db) {
        let app = TestApp::on(db).await;
        let key = app.key("Okta").await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, by_mail()).await;
        provisioned(&app, &key, "bob@acme.test").await;
        let mail = [("mail", "bob@acme.test")];
        // While two methods are enabled, neither is known to be the one that provisions.
        refused_with(&app, &saml, "b-1", &mail, 403, SsoFailure::EmailUnverified).await;
        app.world.operator().sso_keep_only("acme", &saml.method()).await.unwrap();
        signs_in(&app, &saml, "b-1", &mail).await;
        refused_with(&app, &saml, "a-1", &[("mail", "ada@acme.test")], 403, SsoFailure::EmailUnverified).await;
    }

    /// A link is of one method and one team.
    async fn the_same_account_at_another_method_is_another_account(db: Db) {
        let app = TestApp::new(db).await;
        app.team("globex", "Globex", "grace@globex.test").await;
        let saml = Saml::add(&app).await;
        let in_globex = Saml::of(&app, "globex", "Company", saml.signer).await;
        signs_in(&app, &saml, "ada@acme.test", &[]).await;
        let mut browser = app.browser();
        let request = in_globex.start(&app, &mut browser).await;
        let response = in_globex.response(&app, &request, "ada@acme.test");
        let posted = in_globex.post(&app, &response.signed()).await;
        assert_eq!(browser.get(posted.header("location")).await.status.as_u16(), 403);
        assert_eq!(links(&app).await, "1");
    }

    async fn a_subject_that_cannot_be_stored_is_refused(db: Db) {
        let app = TestApp::new(db).await;
        let saml = Saml::add(&app).await;
        saml.rule(&app, LinkRuleEdit { subject_attribute: Some("uid".into()), ..LinkRuleEdit::default() }).await;
        let long = "x".repeat(1_025);
        let mut browser = app.browser();
        let request = saml.start(&app, &mut browser).await;
        let response = saml.response(&app, &request, "ada@acme.test").with_attributes(&[("uid", &long)]);
        let watch = Watch::start(&app).await;
        let answer = saml.post(&app, &response.signed()).await;
        let refusal = watch.refused(&app, &answer, 400, SsoFailure::BadResponse).await;
        assert_eq!(refusal.facts[0].received.as_deref(), Some("1025 bytes"));
        signs_in(&app, &saml, "ada@acme.test", &[("uid", &long[1..])]).await;
    }
}
